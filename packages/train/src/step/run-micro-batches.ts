import { mixSeed } from '@azclip/base';
import type { HostTensor } from '@azclip/onnx';

import type { Communicator } from '../parallel/communicator.ts';
import { rowsOf, type HostTensors } from './host-tensors.ts';
import type { StepRunner } from './step-runner.ts';

/** How a batch is parted. */
export interface MicroBatchOptions {
  /** Rows of a part. */
  readonly microBatch: number;
  /** Of the batch; a part drops the same entries in both its passes. */
  readonly seed: number;
  /** Whether the gradients are added to those kept before; false unless told. */
  readonly add?: boolean;
  /** Those who share the batch, where this process is not alone. */
  readonly ranks?: Communicator | undefined;
}

/** Leads a micro-batch step through one batch: encode each part, the loss over all, gradients of each part. Ranks encode
 * their own rows, gather the features of all, and take the gradients of their own.
 * @param batch - `images`, `ids`, `mask` of this rank's rows, which `microBatch` divides; perhaps `matches` and `weights` of the
 * whole batch.
 * @returns `loss`, `alignment`, `uniformity`; the gradients are kept by the runner. */
export async function runMicroBatches(
  runner: StepRunner,
  { matches, weights, ...batch }: HostTensors,
  { microBatch, seed, add = false, ranks }: MicroBatchOptions,
): Promise<HostTensors> {
  const rows = batch['ids']?.shape[0] ?? 0;
  const parts = Array.from({ length: rows / microBatch }, (_, part) => rowsOf(batch, part * microBatch, microBatch));
  const first = (ranks?.rank ?? 0) * parts.length; // of this rank's parts, among those of all
  const encoded: HostTensors[] = [];
  for (const [part, inputs] of parts.entries())
    encoded.push(await runner.gradients(inputs, mixSeed(seed, first + part)));
  const whole = {
    ...gathered(stacked(encoded), ranks),
    ...(matches ? { matches } : {}),
    ...(weights ? { weights } : {}),
  };
  const { imageGradient, textGradient, ...values } = await runner.gradients(whole, mixSeed(seed, 'loss'), add);
  const gradients = { imageGradient, textGradient } as HostTensors;
  for (const [part, inputs] of parts.entries()) {
    const ofPart = { ...inputs, ...rowsOf(gradients, (first + part) * microBatch, microBatch) };
    await runner.gradients(ofPart, mixSeed(seed, first + part), add || part > 0);
  }
  return values;
}

/** Float32 rows of all ranks under each other. */
function gathered(named: HostTensors, ranks: Communicator | undefined): HostTensors {
  if (!ranks) return named;
  return Object.fromEntries(
    Object.entries(named).map(
      ([
        name,
        {
          dtype,
          shape: [rows = 0, ...row],
          data,
        },
      ]) => [name, { dtype, shape: [rows * ranks.size, ...row], data: ranks.gather(data as Float32Array) }],
    ),
  );
}

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
