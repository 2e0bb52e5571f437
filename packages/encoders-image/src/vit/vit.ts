import {
  conv2d,
  initFilter,
  initLayerNorm,
  initTransformerLayer,
  layerNorm,
  normalTensor,
  transformerLayer,
  type ConvParams,
  type LayerNormParams,
  type TransformerLayerParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FeaturePooling } from '../named-config.ts';
import { readout, stage, type Network, type Readout, type Stage } from '../network/network.ts';
import { pool, pooledSize } from '../network/pooled.ts';

/** Epsilon of every norm. */
const epsilon = 1e-6;

/** The form of a vision transformer. */
export interface VitForm {
  /** Pixels a side; a multiple of `patch`. */
  readonly size: number;
  /** Pixels a side of one patch. */
  readonly patch: number;
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  /** Width of the feed-forward layers. */
  readonly ffnDim: number;
}

/** What becomes of the tokens: the class token's features, or those of the patches, pooled. */
export type TokenPooling = 'class' | FeaturePooling;

/** Vision transformer: patches and a class token, then transformer layers, each a stage.
 * @see Dosovitskiy et al. 2021 — https://arxiv.org/abs/2010.11929 */
export const vit = (form: VitForm, pooling: TokenPooling): Network => {
  const numbers = Array.from({ length: form.layers }, (_, i) => i + 1);
  const isLastOfClass = (number: number): boolean => pooling === 'class' && number === form.layers;
  return {
    stages: [stemStage(form), ...numbers.map((number) => layerStage(number, form, isLastOfClass(number)))],
    readout: tokenReadout(form, pooling),
  };
};

interface StemParams {
  readonly patches: ConvParams;
  /** [1, 1, dim] */
  readonly classToken: tf.Tensor3D;
  /** [1, 1 + patches, dim] */
  readonly position: tf.Tensor3D;
}

const stemStage = ({ size, patch, dim }: VitForm): Stage => {
  const count = (size / patch) ** 2;
  return stage('stem', dim, {
    init: (random): StemParams => ({
      patches: { filter: initFilter([patch, patch], 3, dim, random.fork('patches')), bias: tf.zeros([dim]) },
      classToken: tf.zeros([1, 1, dim]),
      position: normalTensor<tf.Rank.R3>([1, 1 + count, dim], 0.02, random.fork('position')),
    }),
    apply: ({ patches, classToken, position }: StemParams, pixels: tf.Tensor4D) =>
      tf.tidy(() => {
        const [batch] = pixels.shape;
        const cells = tf.reshape(conv2d(patches, pixels, { stride: patch, padding: 0 }), [batch, count, dim]);
        return tf.add(tf.concat([tf.tile(classToken, [batch, 1, 1]), cells], 1), position); // [batch, 1 + count, dim]
      }),
  });
};

/** One layer. @param firstOnly - whether nothing but the class token is read of its output. */
const layerStage = (number: number, { dim, heads, ffnDim }: VitForm, firstOnly: boolean): Stage =>
  stage(`layer${String(number)}`, dim, {
    init: (random) => initTransformerLayer(dim, ffnDim, random),
    apply: (params: TransformerLayerParams, x: tf.Tensor3D, mode) =>
      transformerLayer(params, x, { heads, activation: 'gelu', norm: 'pre', epsilon, firstOnly, mode }),
  });

function tokenReadout({ size, patch, dim }: VitForm, pooling: TokenPooling): Readout {
  const side = size / patch;
  const features = pooling === 'class' ? { featureDim: dim, grid: undefined } : pooledSize(pooling, dim);
  return readout(features, {
    init: () => ({ norm: initLayerNorm(dim) }),
    apply: ({ norm }: { readonly norm: LayerNormParams }, tokens: tf.Tensor3D) =>
      tf.tidy(() => {
        if (pooling === 'class') {
          const first = tf.reshape(tf.slice(tokens, [0, 0, 0], [-1, 1, -1]), [-1, dim]);
          return layerNorm(norm, first, epsilon) as tf.Tensor2D;
        }
        const cells = layerNorm(norm, tf.slice(tokens, [0, 1, 0], [-1, -1, -1]), epsilon);
        return pool(pooling, tf.reshape(cells, [-1, side, side, dim]));
      }),
  });
}
