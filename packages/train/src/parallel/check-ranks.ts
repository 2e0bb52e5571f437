import { InputError } from '@azclip/base';

import type { FitConfig } from '../config.ts';

/** Checks that a run can be shared by `size` ranks.
 * @throws {InputError} naming the key that stands in the way. */
export function checkRanks({ train, distillation }: FitConfig, size: number): void {
  const { batchSize, microBatch } = train;
  if (batchSize % size !== 0) {
    throw new InputError(
      `train.batchSize: expected a multiple of the ${String(size)} ranks, which share it, got ${String(batchSize)}`,
    );
  }
  if (microBatch !== undefined && (batchSize / size) % microBatch !== 0) {
    throw new InputError(
      `train.microBatch: expected a divisor of train.batchSize / ranks = ${String(batchSize / size)}, got ${String(microBatch)}`,
    );
  }
  if (distillation) {
    throw new InputError('distillation: expected none with several ranks; distil on one, then go on with --resume');
  }
}
