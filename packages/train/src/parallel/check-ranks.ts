import { InputError } from '@azclip/base';

import type { FitConfig } from '../config.ts';

/** Checks that a run can be shared by `size` ranks.
 * @throws {InputError} naming the key that stands in the way. */
export function checkRanks({ train, distillation }: FitConfig, size: number): void {
  const { batchSize, microBatch } = train;
  checkShared('train.batchSize', batchSize, size);
  if (distillation) checkShared('distillation.batchSize', distillation.batchSize, size);
  if (microBatch !== undefined && (batchSize / size) % microBatch !== 0) {
    throw new InputError(
      `train.microBatch: expected a divisor of train.batchSize / ranks = ${String(batchSize / size)}, got ${String(microBatch)}`,
    );
  }
}

function checkShared(key: string, batchSize: number, size: number): void {
  if (batchSize % size === 0) return;
  throw new InputError(
    `${key}: expected a multiple of the ${String(size)} ranks, which share it, got ${String(batchSize)}`,
  );
}
