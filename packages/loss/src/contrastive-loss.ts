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
}

/** The loss that a config names.
 * @returns scalar, nats.  @throws {ShapeError} if the shapes differ. */
export function contrastiveLoss(
  config: LossConfig,
  params: LossParams,
  { images, texts, matches }: FeatureBatch,
): tf.Scalar {
  return tf.tidy(() => {
    const scale = logitScale(params.logScale);
    switch (config.name) {
      case 'clip':
        return clipLoss(images, texts, scale);
      case 'siglip':
        return siglipLoss(images, texts, scale, params.logitBias ?? tf.scalar(initialLogitBias));
      case 'multi-positive':
        return matches
          ? multiPositiveLoss(images, texts, scale, matches, config.duplicates)
          : clipLoss(images, texts, scale);
      case 'lowclip-as-written':
        return lowclipAsWritten(images, texts, config);
      case 'lowclip-distance':
        return lowclipDistance(images, texts, scale, config, matches);
      case 'lowclip-margin':
        return lowclipMargin(images, texts, scale, config, matches);
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
