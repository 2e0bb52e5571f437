import { mixSeed } from '@azclip/base';

import type { CaptionBatch } from '../batches/unique-batches.ts';
import { raiseIssue, type IssuePolicy, type OnIssue } from '../issue.ts';
import type { PixelPool } from './pixel-pool.ts';

/** A batch with its pixels. */
export interface PixelBatch {
  /** Without the pairs whose image is corrupt. */
  readonly batch: CaptionBatch;
  /** [pairs, size, size, 3]; overwritten once two further batches were asked for. */
  readonly pixels: Float32Array;
}

/** How batches get their pixels. */
export interface PixelBatchesOptions {
  readonly pool: PixelPool;
  /** Side of the square, pixels. */
  readonly size: number;
  /** Seed of the augmentation; together with epoch and image id it says what happens to an image. */
  readonly seed: number;
  readonly epoch: number;
  readonly onCorrupt: IssuePolicy;
  readonly onIssue?: OnIssue;
  /** Batches that are made ahead; default 2. */
  readonly ahead?: number;
}

/** Loads the pixels of batches ahead of their use, in the order of the batches. The memory of the batches belongs to
 * the pool and is used in turn, so that it does not grow however many there are; one pool serves one reader at a time.
 * @throws {DataError} at the first corrupt image under `onCorrupt: fail`. */
export async function* pixelBatches(
  batches: Iterable<CaptionBatch>,
  options: PixelBatchesOptions,
): AsyncGenerator<PixelBatch> {
  const { ahead = 2 } = options;
  const loading: Promise<PixelBatch>[] = [];
  let number = 0;
  for (const batch of batches) {
    const loaded = load(batch, number++ % (ahead + 3), options);
    loaded.catch(() => undefined); // it is thrown where it is awaited, in its turn
    loading.push(loaded);
    if (loading.length > ahead) yield await (loading.shift() as Promise<PixelBatch>);
  }
  for (const batch of loading) yield await batch;
}

async function load(
  batch: CaptionBatch,
  slot: number,
  { pool, size, seed, epoch, onCorrupt, onIssue }: PixelBatchesOptions,
): Promise<PixelBatch> {
  const length = size * size * 3;
  const bytes = batch.pairs.length * length * Float32Array.BYTES_PER_ELEMENT;
  const memory = pool.memory(slot, bytes);
  const tasks = batch.pairs.map(({ image, imageId }, i) => ({
    image,
    caption: batch.captions[i] as string,
    seed: mixSeed(seed, `${String(epoch)} ${imageId}`),
  }));
  const corrupt = await pool.load(tasks, memory);
  const pixels = new Float32Array(memory, 0, batch.pairs.length * length);
  if (corrupt.length === 0) return { batch, pixels };
  for (const { issue } of corrupt) raiseIssue(issue, onCorrupt, onIssue);
  return without(new Set(corrupt.map(({ row }) => row)), batch, pixels, length);
}

/** Closes the gaps that corrupt rows leave. */
function without(rows: ReadonlySet<number>, batch: CaptionBatch, pixels: Float32Array, length: number): PixelBatch {
  const kept = batch.pairs.map((_, row) => row).filter((row) => !rows.has(row));
  kept.forEach((row, to) => pixels.copyWithin(to * length, row * length, (row + 1) * length));
  const { index, pairs, captions } = batch;
  return {
    batch: {
      index,
      pairs: pairs.filter((_, row) => !rows.has(row)),
      captions: captions.filter((_, row) => !rows.has(row)),
    },
    pixels: pixels.subarray(0, kept.length * length),
  };
}
