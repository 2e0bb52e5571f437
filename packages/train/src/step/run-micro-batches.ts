import { mixSeed } from '@azclip/base';
import type { HostTensor } from '@azclip/onnx';

import { hostScalar, type HostTensors } from './host-tensors.ts';
import type { StepRunner } from './step-runner.ts';

/** Leads a micro-batch step through one batch: encode each part, the loss over all, gradients of each part, update.
 * @param batch - `images`, `ids`, `mask`, perhaps `matches`, of the whole batch; `microBatch` divides its rows.
 * @param scalars - `learningRate` and `step`.
 * @param seed - of the step; a part drops the same entries in both its passes.
 * @returns `loss`, `gradientNorm`, `logitScale`. */
export async function runMicroBatches(
  runner: StepRunner,
  { matches, ...batch }: HostTensors,
  scalars: HostTensors,
  { microBatch, seed }: { readonly microBatch: number; readonly seed: number },
): Promise<HostTensors> {
  const rows = batch['ids']?.shape[0] ?? 0;
  const parts = Array.from({ length: rows / microBatch }, (_, part) => rowsOf(batch, part * microBatch, microBatch));
  const encoded: HostTensors[] = [];
  for (const [part, inputs] of parts.entries()) encoded.push(await runner.gradients(inputs, mixSeed(seed, part)));
  const { loss, ...gradients } = await runner.gradients(
    { ...stacked(encoded), ...(matches ? { matches } : {}) },
    mixSeed(seed, 'loss'),
  );
  for (const [part, inputs] of parts.entries()) {
    const ofPart = { ...inputs, ...rowsOf(gradients, part * microBatch, microBatch) };
    await runner.gradients(ofPart, mixSeed(seed, part), part > 0);
  }
  const [learningRate = NaN, step = NaN] = [scalars['learningRate']?.data[0], scalars['step']?.data[0]];
  const { gradientNorm, logitScale } = await runner.update({ learningRate, step });
  return { loss: loss as HostTensor, gradientNorm: hostScalar(gradientNorm), logitScale: hostScalar(logitScale) };
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
