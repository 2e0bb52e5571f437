import { mixSeed } from '@azclip/base';

import { summing, type Communicator } from '../parallel/communicator.ts';
import type { UpdateRates } from '../optimizer/update-rule.ts';
import type { HostTensors } from './host-tensors.ts';
import { runMicroBatches } from './run-micro-batches.ts';
import type { StepRunner, UpdateReport } from './step-runner.ts';

/** How the batches of a step pass through the towers. */
export interface RunBatchesOptions {
  /** Rows that pass at once; undefined for whole batches. */
  readonly microBatch: number | undefined;
  /** Of the step. */
  readonly seed: number;
  /** Those who share each batch, where this process is not alone; they need a `microBatch`. */
  readonly ranks?: Communicator | undefined;
}

/** What a step over batches measured. */
export interface BatchValues extends UpdateReport {
  /** Means over the batches. */
  readonly loss: number;
  readonly alignment: number;
  readonly uniformity: number;
}

/** One optimizer step by the mean of the gradients of batches, each with a loss of its own.
 * @param batches - `images`, `ids`, `mask`, perhaps `matches` and `weights`. */
export async function runBatches(
  runner: StepRunner,
  batches: readonly HostTensors[],
  rates: UpdateRates,
  { microBatch, seed, ranks }: RunBatchesOptions,
): Promise<BatchValues> {
  const outputs: HostTensors[] = [];
  for (const [index, batch] of batches.entries()) {
    const ofBatch = index === 0 ? seed : mixSeed(seed, `batch ${String(index)}`);
    const add = index > 0;
    outputs.push(
      microBatch === undefined
        ? await runner.gradients(batch, ofBatch, add)
        : await runMicroBatches(runner, batch, { microBatch, seed: ofBatch, add, ranks }),
    );
  }
  const updated = await runner.update(rates, {
    gradientScale: 1 / batches.length,
    ...(ranks && { exchange: summing(ranks) }),
  });
  const mean = (name: string): number =>
    outputs.reduce((sum, values) => sum + (values[name]?.data[0] ?? NaN), 0) / outputs.length;
  return { ...updated, loss: mean('loss'), alignment: mean('alignment'), uniformity: mean('uniformity') };
}
