import type { Random } from '@azclip/base';
import type { TextTower, TokenTensors } from '@azclip/encoder-text';
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
  readonly textHead: HeadParams;
  /** The temperature, and what else the loss learns. */
  readonly loss: LossParams;
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
  /** @returns [batch, embedDim], unit rows. */
  encodeTexts(params: DualEncoderParams, tokens: TokenTensors, mode: Mode): tf.Tensor2D;
}

/** Joins the towers by their heads, as the config says. */
export function createDualEncoder(imageTower: ImageTower, textTower: TextTower, config: FitConfig): DualEncoder {
  const frozenImages = imageTower.fingerprint !== undefined;
  const { projection } = config;
  const imageHead: HeadOptions = { dropout: config.image.dropout, standardize: config.image.standardize, projection };
  const textHead: HeadOptions = { dropout: config.text.dropout, standardize: false, projection };
  return {
    imageTower,
    textTower,
    frozenImages,
    init: (random) => ({
      imageTower: frozenImages ? {} : imageTower.init(random.fork('image tower')),
      imageHead: initHead(imageTower.featureDim, imageHead, random.fork('image head')),
      textTower: textTower.init(random.fork('text tower')),
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
    encodeTexts: (params, tokens, mode) =>
      tf.tidy(() => {
        const features = textTower.apply(params.textTower, tokens, mode);
        return l2Normalize(head(params.textHead, features, textHead, mode));
      }),
  };
}
