import { joinFloats } from '@azclip/base';
import type { Pair } from '@azclip/data';
import { evaluation, unflattenParams, type ParamTree } from '@azclip/nn';
import { retrievalScores, type DirectionScores } from '@azclip/metrics';
import type * as tf from '@tensorflow/tfjs';

import type { ImageInputs } from '../batches/image-inputs.ts';
import { stackRows } from '../batches/stack-rows.ts';
import type { TokenInputs } from '../batches/token-inputs.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';
import type { Scores } from '../report.ts';
import { createComputation } from '../step/compute.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** What a scorer embeds with. */
export interface ScorerOptions {
  readonly model: DualEncoder;
  /** Any parameters of the model: only their names and form count. */
  readonly template: DualEncoderParams;
  readonly images: ImageInputs;
  readonly encode: (captions: readonly string[]) => TokenInputs;
  /** Images and captions embedded at once. */
  readonly batchSize: number;
}

/** Scores parts of the data with the parameters of the moment. */
export interface Scorer {
  /** Text→image and image→text over all of `pairs`; every caption of an image is a positive of it.
   * @param params - by name, without prefix. */
  score(pairs: readonly Pair[], params: HostTensors): Promise<Scores>;
  /** @returns features of single captions, [captions, embedDim], unit rows. */
  embedTexts(captions: readonly string[], params: HostTensors): Promise<Float32Array>;
  /** Frees what was compiled. */
  dispose(): void;
}

/** Compiles the two towers for scoring. */
export function createScorer({ model, template, images, encode, batchSize }: ScorerOptions): Scorer {
  const rebuild = (inputs: Record<string, tf.Tensor>): DualEncoderParams =>
    unflattenParams(template as unknown as ParamTree, inputs) as unknown as DualEncoderParams;
  const imageSide = createComputation((inputs) => ({
    features: model.encodeImages(rebuild(inputs), inputs['$images'] as tf.Tensor, evaluation),
  }));
  const textSide = createComputation((inputs) => {
    const tokens = { ids: inputs['$ids'] as tf.Tensor2D, mask: inputs['$mask'] as tf.Tensor2D };
    return { features: model.encodeTexts(rebuild(inputs), tokens, evaluation) };
  });
  const featuresOf = async (side: typeof imageSide, inputs: HostTensors): Promise<Float32Array> =>
    (await side.run(inputs))['features']?.data as Float32Array;
  const embedTexts: Scorer['embedTexts'] = (captions, params) =>
    inChunks(captions, batchSize, (chunk) => {
      const { ids, mask } = encode(chunk);
      return featuresOf(textSide, { ...params, $ids: ids, $mask: mask });
    });
  return {
    embedTexts,
    score: async (pairs, params) => {
      const imageFeatures = await inChunks(pairs, batchSize, async (chunk) => {
        const rows = await Promise.all(chunk.map((pair) => images.rowOf(pair)));
        return featuresOf(imageSide, { ...params, $images: stackRows(rows, images.rowShape) });
      });
      const captions = pairs.flatMap((pair) => pair.captions);
      const textFeatures = await embedTexts(captions, params);
      const imageOfText = pairs.flatMap((pair, i) => pair.captions.map(() => i));
      const dim = imageFeatures.length / pairs.length;
      const both = await retrievalScores({ imageFeatures, textFeatures, dim, imageOfText });
      return { ...named('text-to-image', both.textToImage), ...named('image-to-text', both.imageToText) };
    },
    dispose: () => {
      imageSide.dispose();
      textSide.dispose();
    },
  };
}

async function inChunks<T>(
  items: readonly T[],
  size: number,
  embed: (chunk: readonly T[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let start = 0; start < items.length; start += size) {
    parts.push((await embed(items.slice(start, start + size))).slice());
  }
  return joinFloats(parts);
}

function named(
  direction: string,
  { recallAt, mrr, map, medianRank, meanRank, queries, gallery }: DirectionScores,
): Scores {
  const recalls = Object.entries(recallAt).map(([k, recall]) => [`${direction}/recall@${k}`, recall] as const);
  return {
    ...Object.fromEntries(recalls),
    [`${direction}/mrr`]: mrr,
    [`${direction}/map`]: map,
    [`${direction}/median-rank`]: medianRank,
    [`${direction}/mean-rank`]: meanRank,
    [`${direction}/queries`]: queries,
    [`${direction}/gallery`]: gallery,
  };
}
