import type { Random } from '@azclip/base';
import {
  activate,
  embedding,
  initLayerNorm,
  initLinear,
  layerNorm,
  linear,
  type Activation,
  type LayerNormParams,
  type LinearParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Parameters of the head that guesses hidden pieces. Its last map is the embedding table of the tower itself. */
export interface MlmHeadParams {
  /** [hidden, hidden] */
  readonly transform: LinearParams;
  /** [hidden] */
  readonly norm: LayerNormParams;
  /** [vocabulary] */
  readonly bias: tf.Tensor1D;
}

/** Hidden places of a batch, filled up to a fixed number so that shapes stay. */
export interface HiddenPieces {
  /** [places], int32: row of the hidden states seen as [batch · tokens, hidden]. */
  readonly places: tf.Tensor1D;
  /** [places], int32: id of the piece that stood there. */
  readonly labels: tf.Tensor1D;
  /** [places], float32: 1, or 0 for a place that only fills up. */
  readonly weights: tf.Tensor1D;
}

/** Numbers of the network that the head shares with the tower. */
export interface MlmHeadOptions {
  readonly activation: Activation;
  /** Added to the variance in the norm. */
  readonly epsilon: number;
}

/** Scores of every piece of the vocabulary.
 * @param word - the tower's embedding table, [vocabulary, hidden].  @param hidden - [places, hidden].
 * @returns [places, vocabulary]. */
export function mlmLogits(
  params: MlmHeadParams,
  word: tf.Tensor2D,
  hidden: tf.Tensor2D,
  { activation, epsilon }: MlmHeadOptions,
): tf.Tensor2D {
  return tf.tidy(() => {
    const transformed = layerNorm(params.norm, activate(activation, linear(params.transform, hidden)), epsilon);
    return tf.add<tf.Tensor2D>(tf.matMul(transformed, word, false, true), params.bias);
  });
}

/** Mean cross-entropy of the hidden pieces: log Σ exp(scores) − score of the right one.
 * @param states - last hidden states, [batch, tokens, hidden].
 * @returns scalar, nats; ln(vocabulary) for a head that knows nothing.
 * @see Devlin et al. 2019, section 3.1 — https://arxiv.org/abs/1810.04805 */
export function mlmLoss(
  params: MlmHeadParams,
  word: tf.Tensor2D,
  states: tf.Tensor3D,
  { places, labels, weights, ...options }: HiddenPieces & MlmHeadOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const rows = tf.reshape<tf.Rank.R2>(states, [-1, states.shape[2]]); // [batch · tokens, hidden]
    const logits = mlmLogits(params, word, embedding(rows, places) as tf.Tensor2D, options); // [places, vocabulary]
    const right = tf.sum(tf.mul(logits, tf.oneHot(labels, params.bias.size)), 1); // [places]
    const losses = tf.sub(tf.logSumExp(logits, 1), right);
    return tf.div<tf.Scalar>(tf.sum(tf.mul(losses, weights)), tf.maximum(tf.sum(weights), 1));
  });
}

/** Xavier-uniform map, norm of scale 1, zero bias. */
export const initMlmHead = (hidden: number, vocabSize: number, random: Random): MlmHeadParams => ({
  transform: initLinear(hidden, hidden, random.fork('transform')),
  norm: initLayerNorm(hidden),
  bias: tf.zeros([vocabSize]),
});
