import { createRandom } from '@azclip/base';
import { uniqueBatches, type Pair } from '@azclip/data';

import { matchMatrix, matchSimilarity, type LossConfig } from '@azclip/loss';
import type { HostTensor } from '@azclip/onnx';

import type { ImageInputs } from './image-inputs.ts';
import type { TokenInputs } from './token-inputs.ts';
import { stackRows } from './stack-rows.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** One batch on its way to the step, and its place in the epoch. */
export interface TrainBatch {
  /** 0-based. */
  readonly index: number;
  /** `images`, `ids`, `mask`, and `matches` where the loss asks for them. */
  readonly tensors: HostTensors;
}

/** What makes the batches of an epoch. */
export interface TrainBatchesOptions {
  readonly pairs: readonly Pair[];
  readonly images: ImageInputs;
  readonly encode: (captions: readonly string[]) => TokenInputs;
  readonly batchSize: number;
  readonly seed: number;
  /** Tells whether the batch must say which captions belong together. */
  readonly loss: LossConfig;
}

/** The batches of one epoch, full ones only: the order and each image's caption depend on (seed, epoch) alone, so an
 * epoch taken up at `firstBatch` goes on as if it had not been left. */
export async function* trainBatches(
  { pairs, images, encode, batchSize, seed, loss }: TrainBatchesOptions,
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
    const matches = matchesOf(chosen, { ids, mask }, matchSimilarity(loss));
    yield { index, tensors: { images: stackRows(rows, images.rowShape), ids, mask, ...matches } };
  }
}

/** Which rows of a batch belong together: [batch, batch], 1 where they do; nothing where the loss does not ask. */
function matchesOf(
  pairs: readonly Pair[],
  { ids, mask }: TokenInputs,
  similarity: number | undefined,
): { readonly matches?: HostTensor } {
  if (similarity === undefined) return {};
  const [batch = 0, tokens = 0] = ids.shape;
  const rows = pairs.map(({ imageId }, i) => {
    const row = [i * tokens, (i + 1) * tokens] as const;
    const length = mask.data.subarray(...row).lastIndexOf(1) + 1;
    return { imageId, pieces: ids.data.subarray(row[0] + 1, row[0] + length - 1) }; // without [CLS] and [SEP]
  });
  return { matches: { dtype: 'float32', shape: [batch, batch], data: matchMatrix(rows, similarity) } };
}
