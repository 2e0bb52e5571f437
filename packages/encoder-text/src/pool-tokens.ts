import { linear } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { attentionPool } from './attention-pool.ts';
import type { BertParams } from './bert.ts';
import type { Pooling } from './config.ts';
import { maskedMean } from './token-mask.ts';

/** Features of the tokens into one feature of the caption.
 * @param x - [batch, tokens, hidden].  @param mask - [batch, tokens].  @returns [batch, hidden].
 * @throws {RangeError} if `params` lack what the pooling learns. */
export function poolTokens(
  pooling: Pooling,
  params: Pick<BertParams, 'pooler' | 'pool'>,
  x: tf.Tensor3D,
  mask: tf.Tensor2D,
): tf.Tensor2D {
  return tf.tidy(() => {
    switch (pooling) {
      case 'mean':
        return maskedMean(x, mask);
      case 'first':
        return firstToken(x);
      case 'pooler':
        return tf.tanh(linear(required(params.pooler, 'pooler'), firstToken(x))) as tf.Tensor2D;
      case 'attention':
        return attentionPool(required(params.pool, 'pool'), x, mask);
    }
  });
}

const firstToken = (x: tf.Tensor3D): tf.Tensor2D =>
  tf.squeeze<tf.Tensor2D>(tf.slice(x, [0, 0, 0], [x.shape[0], 1, x.shape[2]]), [1]);

function required<T>(params: T | undefined, name: string): T {
  if (params === undefined) throw new RangeError(`parameters: "${name}" is missing`);
  return params;
}
