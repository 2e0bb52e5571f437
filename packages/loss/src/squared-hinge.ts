import * as tf from '@tensorflow/tfjs';

import { weightedMean } from './weighted-mean.ts';

/** What a margin loss adds: the mean of max(0, violation)².
 * @param violation - [batch], by how much each row misses its margin; negative where it keeps it.
 * @param weights - [batch], positive, how much each row counts; without them all count alike.
 * @returns scalar. */
export const squaredHinge = (violation: tf.Tensor, weights?: tf.Tensor1D): tf.Scalar =>
  tf.tidy(() => weightedMean(tf.square(tf.relu(violation)), weights));
