import { mixSeed } from '@azclip/base';
import type { HostTensor } from '@azclip/onnx';

import type { HostTensors } from './host-tensors.ts';
import type { StepRunner } from './step-runner.ts';

/** How a batch is parted. */
export interface MicroBatchOptions {
  /** Rows of a part. */
  readonly microBatch: number;
  /** Of the batch; a part drops the same entries in both its passes. */
  readonly seed: number;
  /** Whether the gradients are added to those kept before; false unless told. */
  readonly add?: boolean;
}

/** Leads a micro-batch step through one batch: encode each part, the loss over all, gradients of each part.
 * @param batch - `images`, `ids`, `mask`, perhaps `matches`, of the whole batch; `microBatch` divides its rows.
 * @returns `loss`, `alignment`, `uniformity`; the gradients are kept by the runner. */
export async function runMicroBatches(
  runner: StepRunner,
  { matches, ...batch }: HostTensors,
  { microBatch, seed, add = false }: MicroBatchOptions,
): Promise<HostTensors> {
  const rows = batch['ids']?.shape[0] ?? 0;
  const parts = Array.from({ length: rows / microBatch }, (_, part) => rowsOf(batch, part * microBatch, microBatch));
  const encoded: HostTensors[] = [];
  for (const [part, inputs] of parts.entries()) encoded.push(await runner.gradients(inputs, mixSeed(seed, part)));
  const whole = { ...stacked(encoded), ...(matches ? { matches } : {}) };
  const { imageGradient, textGradient, ...values } = await runner.gradients(whole, mixSeed(seed, 'loss'), add);
  const gradients = { imageGradient, textGradient } as HostTensors;
  for (const [part, inputs] of parts.entries()) {
    const ofPart = { ...inputs, ...rowsOf(gradients, part * microBatch, microBatch) };
    await runner.gradients(ofPart, mixSeed(seed, part), add || part > 0);
  }
  return values;
}

/** `count` rows of each tensor from row `start`. */
const rowsOf = (named: HostTensors, start: number, count: number): HostTensors =>
  Object.fromEntries(
    Object.entries(named).map(
      ([
        name,
        {
          dtype,
          shape: [, ...row],
          data,
        },
      ]) => {
        const size = row.reduce((product, n) => product * n, 1);
        return [name, { dtype, shape: [count, ...row], data: data.slice(start * size, (start + count) * size) }];
      },
    ),
  );

/** Float32 tensors of the same name under each other. */
function stacked(parts: readonly HostTensors[]): HostTensors {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const tensors = parts.map((part) => part[name] as HostTensor);
      const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
      tensors.reduce((reached, tensor) => {
        data.set(tensor.data, reached);
        return reached + tensor.data.length;
      }, 0);
      const [rows = 0, ...row] = tensors[0]?.shape ?? [];
      return [name, { dtype: 'float32', shape: [rows * tensors.length, ...row], data }];
    }),
  );
}
