import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import type { LossConfig } from './config.ts';
import { lowclipAsWritten } from './lowclip-as-written.ts';
import { lowclipDistance } from './lowclip-distance.ts';
import { lowclipMargin } from './lowclip-margin.ts';
import { multiPositiveLoss } from './multi-positive-loss.ts';
import { siglipLoss } from './siglip-loss.ts';
import { initialLogScale, logitScale } from './temperature.ts';

/** What a loss learns beside the towers. */
export interface LossParams {
  /** ln(1 / temperature), scalar. */
  readonly logScale: tf.Scalar;
  /** Added to all logits, scalar; of `siglip` alone. */
  readonly logitBias?: tf.Scalar;
}

/** Features of a batch. */
export interface FeatureBatch {
  /** [batch, dim], unit rows. */
  readonly images: tf.Tensor2D;
  /** [batch, dim], unit rows; row i describes image i. */
  readonly texts: tf.Tensor2D;
  /** [batch, batch], float32, 1 where image i and text j belong together; see `matchMatrix`. */
  readonly matches?: tf.Tensor2D | undefined;
  /** [batch], positive: how much each pair counts in the mean, over their sum. Without them all count alike. */
  readonly weights?: tf.Tensor1D | undefined;
}

/** The loss that a config names.
 * @returns scalar, nats.  @throws {ShapeError} if the shapes differ. */
export function contrastiveLoss(
  config: LossConfig,
  params: LossParams,
  { images, texts, matches, weights }: FeatureBatch,
): tf.Scalar {
  return tf.tidy(() => {
    const scale = logitScale(params.logScale);
    switch (config.name) {
      case 'clip':
        return clipLoss(images, texts, scale, weights);
      case 'siglip':
        return siglipLoss(images, texts, scale, params.logitBias ?? tf.scalar(initialLogitBias), weights);
      case 'multi-positive':
        return matches
          ? multiPositiveLoss(images, texts, scale, matches, config.duplicates, weights)
          : clipLoss(images, texts, scale, weights);
      case 'lowclip-as-written':
        return lowclipAsWritten(images, texts, config, weights);
      case 'lowclip-distance':
        return lowclipDistance(images, texts, scale, config, matches, weights);
      case 'lowclip-margin':
        return lowclipMargin(images, texts, scale, config, matches, weights);
    }
  });
}

/** From which similarity of two captions the loss takes them for the same, to be given to `matchMatrix`; undefined where
 * it looks at the diagonal alone and needs no `matches`. */
export const matchSimilarity = (config: LossConfig): number | undefined =>
  'duplicateSimilarity' in config ? config.duplicateSimilarity : undefined;

/** SigLIP's start: a scale of 10, and a bias that calls nearly all pairs wrong.
 * @see Zhai et al. 2023, section 3.2 — https://arxiv.org/abs/2303.15343 */
const siglipLogScale = Math.log(10);
const initialLogitBias = -10;

/** The first values of what the loss learns; the caller owns them. */
export const initLossParams = ({ name }: LossConfig): LossParams =>
  name === 'siglip'
    ? { logScale: tf.scalar(siglipLogScale), logitBias: tf.scalar(initialLogitBias) }
    : { logScale: tf.scalar(initialLogScale) };
