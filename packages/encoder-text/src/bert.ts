import type { Random } from '@azclip/base';
import {
  dropout,
  embedding,
  initLayerNorm,
  initLinear,
  initTransformerLayer,
  layerNorm,
  normalTensor,
  transformerLayer,
  type LayerNormParams,
  type LinearParams,
  type Mode,
  type TransformerLayerParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { initAttentionPool, type AttentionPoolParams } from './attention-pool.ts';
import type { BertConfig } from './config.ts';
import type { TokenTensors } from './text-tower.ts';
import { maskBias } from './token-mask.ts';

/** Parameters of a BERT. */
export interface BertParams {
  readonly embeddings: {
    /** [vocabulary, hidden] */
    readonly word: tf.Tensor2D;
    /** [maxPosition, hidden] */
    readonly position: tf.Tensor2D;
    /** [tokenTypes, hidden] */
    readonly tokenType: tf.Tensor2D;
    /** [hidden] */
    readonly norm: LayerNormParams;
  };
  readonly layers: readonly TransformerLayerParams[];
  /** [hidden], after the last layer; where the norms come before the branches alone. */
  readonly norm?: LayerNormParams;
  /** [hidden, hidden]; of `pooler` pooling alone. */
  readonly pooler?: LinearParams;
  /** Of `attention` pooling alone. */
  readonly pool?: AttentionPoolParams;
}

/** Tokens of a BERT: with `types`, [batch, tokens] int32, the segment of each; without, the first for all. */
export interface BertTokens extends TokenTensors {
  readonly types?: tf.Tensor2D;
}

/** Runs the embeddings and all layers.
 * @param firstOnly - whether the last layer computes the first token alone, where nothing else is read of it.
 * @returns last hidden states, [batch, tokens, hidden], or [batch, 1, hidden]; padding is attended by none.
 * @see Devlin et al. 2019, section 3 — https://arxiv.org/abs/1810.04805 */
export function bert(
  config: BertConfig,
  params: BertParams,
  tokens: BertTokens,
  mode: Mode,
  firstOnly = false,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, count] = tokens.mask.shape;
    const bias = tf.reshape(maskBias(tokens.mask), [batch, 1, 1, count]);
    const { heads, activation, norm, epsilon } = config;
    const rates = { dropoutRate: config.dropout, attentionDropoutRate: config.attentionDropout };
    const options = { heads, activation, norm, epsilon, bias, ...rates, mode };
    const last = params.layers.reduce(
      (x, layer, i) => transformerLayer(layer, x, { ...options, firstOnly: firstOnly && i === config.layers - 1 }),
      embed(config, params, tokens, mode),
    );
    return (params.norm ? layerNorm(params.norm, last, epsilon) : last) as tf.Tensor3D;
  });
}

/** Sum of word, position and segment embeddings, normalised. @returns [batch, tokens, hidden]. */
function embed(config: BertConfig, params: BertParams, { ids, types }: BertTokens, mode: Mode): tf.Tensor {
  const { word, position, tokenType, norm } = params.embeddings;
  const [, count] = ids.shape;
  const places = tf.slice(position, [0, 0], [count, config.hidden]); // [tokens, hidden]
  const segments = types ? embedding(tokenType, types) : tf.slice(tokenType, [0, 0], [1, config.hidden]);
  const sum = tf.add(tf.add(embedding(word, ids), places), segments); // [batch, tokens, hidden]
  return dropout(layerNorm(norm, sum, config.epsilon), config.dropout, mode);
}

/** Standard deviation of the embeddings, as in BERT (initializer_range). */
const embeddingStd = 0.02;

/** Embeddings normal with deviation 0.02, Xavier-uniform maps, norms of scale 1. */
export function initBert(config: BertConfig, vocabSize: number, random: Random): BertParams {
  const { hidden, layers, pooling } = config;
  const table = (rows: number, label: string): tf.Tensor2D =>
    normalTensor<tf.Rank.R2>([rows, hidden], embeddingStd, random.fork(label));
  return {
    embeddings: {
      word: table(vocabSize, 'word'),
      position: table(config.maxPosition, 'position'),
      tokenType: table(config.tokenTypes, 'tokenType'),
      norm: initLayerNorm(hidden),
    },
    layers: Array.from({ length: layers }, (_, i) =>
      initTransformerLayer(hidden, config.ffn, random.fork(`layer ${String(i)}`)),
    ),
    ...(config.norm === 'pre' && { norm: initLayerNorm(hidden) }),
    ...(pooling === 'pooler' && { pooler: initLinear(hidden, hidden, random.fork('pooler')) }),
    ...(pooling === 'attention' && { pool: initAttentionPool(hidden, random.fork('pool')) }),
  };
}
