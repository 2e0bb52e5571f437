import type { Random } from '@azclip/base';
import {
  initAttentionPool,
  poolCaptions,
  type AttentionPoolParams,
  type TextTower,
  type TokenTensors,
} from '@azclip/encoder-text';
import type { ImageTower } from '@azclip/encoders-image';
import { initLossParams, type LossParams } from '@azclip/loss';
import { l2Normalize, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { head, initHead, type HeadOptions, type HeadParams } from './head.ts';
import type { FitConfig } from '../config.ts';

/** Parameters of a dual encoder. A frozen image tower has none here: its features come from the cache. */
export interface DualEncoderParams {
  readonly imageTower: ParamTree;
  readonly imageHead: HeadParams;
  readonly textTower: ParamTree;
  /** Attention over the captions of an image, where the config asks for it. */
  readonly captionPool?: AttentionPoolParams;
  readonly textHead: HeadParams;
  /** The temperature, and what else the loss learns. */
  readonly loss: LossParams;
}

/** Captions on their way into a text tower: one a row, or several of an image. */
export interface CaptionTensors {
  /** int32, [batch, tokens] or [batch, captions, tokens]. */
  readonly ids: tf.Tensor;
  /** float32, as `ids`: 1 where a piece stands; a caption without pieces does not count. */
  readonly mask: tf.Tensor;
}

/** Two towers and a temperature: pixels or cached features, and tokens, into one space. */
export interface DualEncoder {
  readonly imageTower: ImageTower;
  readonly textTower: TextTower;
  /** Whether training and scoring take features of the frozen image tower instead of pixels. */
  readonly frozenImages: boolean;
  /** Fresh parameters; the caller owns them. */
  init(random: Random): DualEncoderParams;
  /** @param images - [batch, size, size, 3] pixels, or [batch, featureDim] of a frozen tower.
   * @returns [batch, embedDim], unit rows. */
  encodeImages(params: DualEncoderParams, images: tf.Tensor, mode: Mode): tf.Tensor2D;
  /** @param tokens - ids and mask [batch, tokens], or [batch, captions, tokens] for several captions of an image.
   * @returns [batch, embedDim], unit rows. */
  encodeTexts(params: DualEncoderParams, tokens: CaptionTensors, mode: Mode): tf.Tensor2D;
  /** As {@link encodeTexts}, before the rows are brought to unit length. */
  projectTexts(params: DualEncoderParams, tokens: CaptionTensors, mode: Mode): tf.Tensor2D;
}

/** Joins the towers by their heads, as the config says. */
export function createDualEncoder(imageTower: ImageTower, textTower: TextTower, config: FitConfig): DualEncoder {
  const frozenImages = imageTower.fingerprint !== undefined;
  const { projection } = config;
  const { captions, pooling } = config.text.captions;
  const learnsCaptions = captions > 1 && pooling === 'attention';
  const imageHead: HeadOptions = { dropout: config.image.dropout, standardize: config.image.standardize, projection };
  const textHead: HeadOptions = { dropout: config.text.dropout, standardize: false, projection };
  const projectTexts: DualEncoder['projectTexts'] = (params, tokens, mode) =>
    tf.tidy(() => head(params.textHead, textFeatures(textTower, config, params, tokens, mode), textHead, mode));
  return {
    imageTower,
    textTower,
    frozenImages,
    init: (random) => ({
      imageTower: frozenImages ? {} : imageTower.init(random.fork('image tower')),
      imageHead: initHead(imageTower.featureDim, imageHead, random.fork('image head')),
      textTower: textTower.init(random.fork('text tower')),
      ...(learnsCaptions ? { captionPool: initAttentionPool(textTower.featureDim, random.fork('captions')) } : {}),
      textHead: initHead(textTower.featureDim, textHead, random.fork('text head')),
      loss: initLossParams(config.loss),
    }),
    encodeImages: (params, images, mode) =>
      tf.tidy(() => {
        const features = frozenImages
          ? (images as tf.Tensor2D)
          : imageTower.apply(params.imageTower, images as tf.Tensor4D, mode);
        return l2Normalize(head(params.imageHead, features, imageHead, mode));
      }),
    encodeTexts: (params, tokens, mode) => tf.tidy(() => l2Normalize(projectTexts(params, tokens, mode))),
    projectTexts,
  };
}

/** Features of texts before the head: of single captions as the tower gives them, of several pooled into one. */
function textFeatures(
  tower: TextTower,
  config: FitConfig,
  params: DualEncoderParams,
  { ids, mask }: CaptionTensors,
  mode: Mode,
): tf.Tensor2D {
  if (ids.rank === 2) return tower.apply(params.textTower, { ids, mask } as TokenTensors, mode);
  const [, , tokens = 1] = ids.shape;
  const flat = { ids: tf.reshape(ids, [-1, tokens]), mask: tf.reshape(mask, [-1, tokens]) } as TokenTensors;
  const present = tf.max<tf.Tensor2D>(mask, 2); // [batch, captions]
  return poolCaptions(config.text.captions, tower.apply(params.textTower, flat, mode), present, params.captionPool);
}
