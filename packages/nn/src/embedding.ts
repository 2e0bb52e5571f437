import * as tf from '@tensorflow/tfjs';

/** Looks rows of a table up by their number.
 * @param table - [size, dim].  @param ids - [...], int32, in 0 … size − 1.  @returns [..., dim]. */
export const embedding = (table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor => tf.gather(table, ids);
