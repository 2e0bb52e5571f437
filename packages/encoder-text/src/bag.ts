import type { Random } from '@azclip/base';
import { dropout, embedding, gelu, initLinear, linear, normalTensor, type LinearParams, type Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { attentionPool, initAttentionPool, type AttentionPoolParams } from './attention-pool.ts';
import type { BagConfig } from './config.ts';
import type { TokenTensors } from './text-tower.ts';
import { maskedMean } from './token-mask.ts';

/** Parameters of a bag of pieces. */
export interface BagParams {
  /** `word` is [vocabulary, dim]. */
  readonly embeddings: { readonly word: tf.Tensor2D };
  /** Of attention pooling alone. */
  readonly pool?: AttentionPoolParams;
  /** `up` is [dim, hidden], `down` [hidden, dim]; with a hidden layer alone. */
  readonly ffn?: { readonly up: LinearParams; readonly down: LinearParams };
}

/** Embeddings of the pieces, their mean (or attention), a residual hidden layer: p + down(gelu(up(p))).
 * The order of the pieces does not count.
 * @returns [batch, dim]. */
export function bag(config: BagConfig, params: BagParams, { ids, mask }: TokenTensors, mode: Mode): tf.Tensor2D {
  return tf.tidy(() => {
    const pieces = embedding(params.embeddings.word, ids) as tf.Tensor3D; // [batch, tokens, dim]
    const kept = dropPieces(mask, config.tokenDropout, mode);
    const pooled = params.pool ? attentionPool(params.pool, pieces, kept) : maskedMean(pieces, kept); // [batch, dim]
    const { ffn } = params;
    const hidden = ffn ? tf.add(pooled, linear(ffn.down, gelu(linear(ffn.up, pooled)))) : pooled;
    return dropout(hidden, config.dropout, mode) as tf.Tensor2D;
  });
}

/** The mask with whole pieces left out while training; no other piece gains weight by it but through the mean. */
function dropPieces(mask: tf.Tensor2D, rate: number, mode: Mode): tf.Tensor2D {
  return mode.training && rate > 0 ? tf.mul(mask, mode.keepMask(mask.shape, 1 - rate)) : mask;
}

/** Embeddings normal with variance 1 / dim, so that a piece has expected length 1; Xavier-uniform maps. */
export function initBag(config: BagConfig, vocabSize: number, random: Random): BagParams {
  const { dim, hidden, pooling } = config;
  const word = normalTensor<tf.Rank.R2>([vocabSize, dim], 1 / Math.sqrt(dim), random.fork('word'));
  return {
    embeddings: { word },
    ...(pooling === 'attention' && { pool: initAttentionPool(dim, random.fork('pool')) }),
    ...(hidden > 0 && {
      ffn: { up: initLinear(dim, hidden, random.fork('up')), down: initLinear(hidden, dim, random.fork('down')) },
    }),
  };
}
