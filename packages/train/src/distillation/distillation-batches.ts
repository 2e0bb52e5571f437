import { createRandom } from '@azclip/base';
import { batchCount, uniqueBatches, type Pair } from '@azclip/data';

import { ownRows, type Place } from '../parallel/own-rows.ts';
import { stackRows } from '../batches/stack-rows.ts';
import type { TokenInputs } from '../batches/token-inputs.ts';
import type { TrainBatch } from '../batches/train-batches.ts';
import type { ParallelCaption } from './parallel-captions.ts';
import type { PreparedDistillation } from './prepare-distillation.ts';

/** Where in a run an epoch of distillation begins. */
export interface DistillationBatchesOptions {
  readonly seed: number;
  readonly epoch: number;
  /** Batch of the epoch. */
  readonly first: number;
  /** Those who share each batch. */
  readonly ranks?: Place | undefined;
}

/** Batches of an epoch of distillation. */
export const distillationBatchCount = ({ train, section }: PreparedDistillation): number =>
  batchCount(train.length, section.batchSize);

/** The batches of one epoch, full ones only: every parallel caption once, in an order that (seed, epoch) alone decide.
 * Tensors: `ids`, `mask`, and `target`, the teacher's features, [batch, embedDim]; of several ranks each has its own rows. */
export function* distillationBatches(
  { train, section: { batchSize }, targetOf }: PreparedDistillation,
  encode: (captions: readonly string[]) => TokenInputs,
  { seed, epoch, first, ranks }: DistillationBatchesOptions,
): Generator<TrainBatch> {
  const random = createRandom(seed).fork('distillation');
  const byId = new Map(train.map((caption) => [`${caption.imageId}#${String(caption.index)}`, caption]));
  const items: Pair[] = [...byId].map(([imageId, { caption }]) => ({ imageId, image: noImage, captions: [caption] }));
  for (const { index, pairs, captions } of uniqueBatches(items, { batchSize, random, epoch, start: first })) {
    const targets = pairs.map(({ imageId }) => targetOf(byId.get(imageId) as ParallelCaption));
    const target = stackRows(targets, [targets[0]?.length ?? 0]);
    yield { index, tensors: ownRows({ ...encode(captions), target }, ranks) };
  }
}

/** Distillation looks at texts alone. */
const noImage: Pair['image'] = { bytes: new Uint8Array(), name: '' };
