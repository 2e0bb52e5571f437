import { createRandom } from '@azclip/base';
import { uniqueBatches, type Pair } from '@azclip/data';

import type { ImageInputs } from './image-inputs.ts';
import type { TokenInputs } from './token-inputs.ts';
import { stackRows } from './stack-rows.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** One batch on its way to the step, and its place in the epoch. */
export interface TrainBatch {
  /** 0-based. */
  readonly index: number;
  /** `images`, `ids`, `mask`. */
  readonly tensors: HostTensors;
}

/** What makes the batches of an epoch. */
export interface TrainBatchesOptions {
  readonly pairs: readonly Pair[];
  readonly images: ImageInputs;
  readonly encode: (captions: readonly string[]) => TokenInputs;
  readonly batchSize: number;
  readonly seed: number;
}

/** The batches of one epoch, full ones only: the order and each image's caption depend on (seed, epoch) alone, so an
 * epoch taken up at `firstBatch` goes on as if it had not been left. */
export async function* trainBatches(
  { pairs, images, encode, batchSize, seed }: TrainBatchesOptions,
  epoch: number,
  firstBatch = 0,
): AsyncGenerator<TrainBatch> {
  const random = createRandom(seed).fork('batches');
  for (const { index, pairs: chosen, captions } of uniqueBatches(pairs, {
    batchSize,
    random,
    epoch,
    start: firstBatch,
  })) {
    const rows = await Promise.all(chosen.map((pair) => images.rowOf(pair)));
    const { ids, mask } = encode(captions);
    yield { index, tensors: { images: stackRows(rows, images.rowShape), ids, mask } };
  }
}
