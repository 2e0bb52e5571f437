import { createRandom } from '@azclip/base';
import { pixelBatches, uniqueBatches, type CaptionBatch, type Pair, type PixelPool } from '@azclip/data';
import { matchSimilarity, type LossConfig } from '@azclip/loss';
import type { HostTensor } from '@azclip/onnx';

import { batchMatches } from './batch-matches.ts';
import { batchWeights, isWeighed } from './batch-weights.ts';
import { encodeCaptionGroups } from './caption-groups.ts';
import type { ImageInputs } from './image-inputs.ts';
import { memoryRing } from './memory-ring.ts';
import { stackRows } from './stack-rows.ts';
import type { TokenInputs } from './token-inputs.ts';
import { ownRange, ownRows, type Place } from '../parallel/own-rows.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** One batch on its way to the step, and its place in the epoch. */
export interface TrainBatch {
  /** 0-based. */
  readonly index: number;
  /** `images`, `ids`, `mask`, `matches` where the loss asks for them, `weights` where pairs have any. */
  readonly tensors: HostTensors;
}

/** What makes the batches of an epoch. */
export interface TrainBatchesOptions {
  readonly pairs: readonly Pair[];
  readonly images: ImageInputs;
  /** Makes the images anew each epoch, augmented; without it they come from `images`. */
  readonly augmenter?: PixelPool | undefined;
  readonly encode: (captions: readonly string[]) => TokenInputs;
  readonly batchSize: number;
  /** Captions of an image that make its text. */
  readonly captions: number;
  readonly seed: number;
  /** Batches whose images are in use at once, at most: the memory of a batch is used again after as many others. Without it
   * each has its own. */
  readonly heldBatches?: number;
  /** Those who share each batch: this process makes its own rows of images and tokens. */
  readonly ranks?: Place | undefined;
  /** Tells whether the batch must say which captions belong together. */
  readonly loss: LossConfig;
}

/** The batches of one epoch, full ones only: the order and each image's caption depend on (seed, epoch) alone, so an
 * epoch taken up at `firstBatch` goes on as if it had not been left. */
export async function* trainBatches(
  options: TrainBatchesOptions,
  epoch: number,
  firstBatch = 0,
): AsyncGenerator<TrainBatch> {
  const { pairs, encode, batchSize, seed } = options;
  const random = createRandom(seed).fork('batches');
  const similarity = matchSimilarity(options.loss);
  const weighed = isWeighed(pairs);
  const underWay: CaptionBatch[] = []; // whole batches, in the order in which their images come
  const shares = sharesOf(
    uniqueBatches(pairs, { batchSize, random, epoch, start: firstBatch }),
    options.ranks,
    underWay,
  );
  for await (const images of imagesOf(shares, options, epoch)) {
    const batch = underWay.shift() as CaptionBatch;
    const tokens = encodeCaptionGroups(batch.pairs, batch.captions, options.captions, encode);
    const matches = similarity === undefined ? {} : { matches: batchMatches(batch.pairs, tokens, similarity) };
    const weights = weighed ? { weights: batchWeights(batch, options.captions) } : {};
    const own = ownRows({ ...tokens }, options.ranks);
    yield { index: batch.index, tensors: { images, ...own, ...matches, ...weights } };
  }
}

/** The part of each batch that this process makes the images of; the whole batches are put down in `wholes`. */
function* sharesOf(
  batches: Iterable<CaptionBatch>,
  ranks: Place | undefined,
  wholes: CaptionBatch[],
): Generator<CaptionBatch> {
  for (const batch of batches) {
    wholes.push(batch);
    const [start, end] = ownRange(batch.pairs.length, ranks);
    yield { ...batch, pairs: batch.pairs.slice(start, end), captions: batch.captions.slice(start, end) };
  }
}

/** Images of batches, [batch, ...rowShape] each. */
async function* imagesOf(
  batches: Iterable<CaptionBatch>,
  { images, augmenter, seed, heldBatches }: TrainBatchesOptions,
  epoch: number,
): AsyncGenerator<HostTensor> {
  if (augmenter) {
    const [size = 0] = images.rowShape;
    const options = { pool: augmenter, size, seed, epoch, onCorrupt: 'fail' } as const;
    for await (const { batch, pixels } of pixelBatches(batches, options)) {
      const shape = [batch.pairs.length, ...images.rowShape];
      yield { dtype: 'float32', shape, data: pixels.slice() }; // the pool uses its memory again
    }
    return;
  }
  const memory = heldBatches === undefined ? undefined : memoryRing(heldBatches);
  for (const batch of batches) {
    const rowOf = images.trainingRowOf ?? images.rowOf;
    const rows = await Promise.all(batch.pairs.map((pair) => rowOf(pair, epoch)));
    yield stackRows(rows, images.rowShape, memory);
  }
}
