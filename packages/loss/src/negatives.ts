import * as tf from '@tensorflow/tfjs';

/** Which image–text pairs of a batch are true negatives: all but a row's own pair and those that match it otherwise.
 * @param matches - [batch, batch], float32, 1 where image and text belong together; without it only row i and text i do.
 * @returns [batch, batch], bool. */
export function negativePairs(batch: number, matches?: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const apart = offDiagonal(batch);
    return matches ? tf.logicalAnd(apart, tf.less(matches, 0.5)) : apart;
  });
}

/** True beside the diagonal, by comparing indices: 2 · batch constants instead of batch². @returns [batch, batch], bool. */
export function offDiagonal(batch: number): tf.Tensor2D {
  return tf.tidy(() => {
    const index = tf.range(0, batch, 1, 'int32');
    return tf.notEqual<tf.Tensor2D>(tf.reshape(index, [batch, 1]), index);
  });
}

/** Lower than any similarity or logit, and far from overflow. */
const never = -1e9;

/** The largest similarity among the negatives; −10⁹ where a row has none.
 * @param axis - 1: the hardest text of each image; 0: the hardest image of each text.  @returns [batch]. */
export const hardestNegative = (similarities: tf.Tensor2D, negatives: tf.Tensor2D, axis: 0 | 1): tf.Tensor1D =>
  tf.tidy(() => tf.max(tf.where(negatives, similarities, tf.fill(similarities.shape, never)), axis));

/** The smallest similarity among the negatives; 10⁹ where a row has none. @returns [batch]. */
export const easiestNegative = (similarities: tf.Tensor2D, negatives: tf.Tensor2D): tf.Tensor1D =>
  tf.tidy(() => tf.min(tf.where(negatives, similarities, tf.fill(similarities.shape, -never)), 1));

/** Logits of `excluded` pairs brought so low that a softmax gives them 0. */
export const withoutPairs = (logits: tf.Tensor2D, excluded: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => tf.where(excluded, tf.fill<tf.Rank.R2>(logits.shape, never), logits));
