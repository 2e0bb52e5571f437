import type { Random } from '@azclip/base';

import type { Pair } from '../pair.ts';

/** How to make batches of pairs. */
export interface UniqueBatchesOptions {
  readonly batchSize: number;
  /** The source of chance; only streams forked from it are used, so it may be shared. */
  readonly random: Random;
  /** 0-based; another epoch has another order and other captions. */
  readonly epoch: number;
  /** Number of batches of the epoch that were already seen; default 0. */
  readonly start?: number;
  /** The pairs that are left when the last full batch is made: drop them or make a smaller batch. Default `drop`. */
  readonly remainder?: 'drop' | 'keep';
}

/** Different images with one caption each. */
export interface CaptionBatch {
  /** Number of the batch in its epoch, from 0. */
  readonly index: number;
  readonly pairs: readonly Pair[];
  /** One caption a pair. */
  readonly captions: readonly string[];
}

/** Batches of one epoch: every image occurs once, in an order drawn anew each epoch, with one of its captions. The captions
 * of an image take turns over the epochs, so that each is seen equally often. The same random stream and epoch give the
 * same batches wherever `start` is.
 * @param pairs - image ids must be unique: of two pairs with one id the captions would meet as each other's negatives.
 * @throws {RangeError} if an id occurs twice. */
export function* uniqueBatches(pairs: readonly Pair[], options: UniqueBatchesOptions): Generator<CaptionBatch> {
  const { batchSize, random, epoch, start = 0, remainder = 'drop' } = options;
  requireUniqueIds(pairs);
  const order = shuffledOrder(pairs.length, random.fork(`order ${String(epoch)}`));
  const count = batchCount(pairs.length, batchSize, remainder);
  for (let index = start; index < count; index++) {
    const chosen = Array.from(order.subarray(index * batchSize, (index + 1) * batchSize), (i) => pairs[i] as Pair);
    yield { index, pairs: chosen, captions: chosen.map((pair) => captionOf(pair, epoch, random)) };
  }
}

/** Number of batches of an epoch over `pairs` images. */
export function batchCount(pairs: number, batchSize: number, remainder: 'drop' | 'keep' = 'drop'): number {
  return remainder === 'drop' ? Math.floor(pairs / batchSize) : Math.ceil(pairs / batchSize);
}

function requireUniqueIds(pairs: readonly Pair[]): void {
  const seen = new Set<string>();
  for (const { imageId } of pairs) {
    if (seen.has(imageId)) throw new RangeError(`uniqueBatches: expected every image once, got "${imageId}" twice`);
    seen.add(imageId);
  }
}

/** Fisher and Yates' shuffle of 0 … `length` − 1. */
function shuffledOrder(length: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function captionOf({ imageId, captions }: Pair, epoch: number, random: Random): string {
  const first = random.fork(`caption ${imageId}`).integer(captions.length);
  return captions[(first + epoch) % captions.length] as string;
}
