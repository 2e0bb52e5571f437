import { alignment, uniformity } from '@azclip/loss';
import * as tf from '@tensorflow/tfjs';

/** Rows of a batch whose spread is measured: 2,016 pairs are enough for a curve, and cost nothing. */
const spreadRows = 64;

/** How the features of a batch lie on the sphere: `alignment` of the matches, and `uniformity`, the mean of images' and texts'.
 * @param images - [batch, dim], unit rows.  @param texts - [batch, dim], unit rows. */
export function featureMeasures(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
): Record<'alignment' | 'uniformity', tf.Scalar> {
  return tf.tidy(() => {
    const [batch, dim] = images.shape;
    const spread = [images, texts].map((features) =>
      uniformity(tf.slice(features, [0, 0], [Math.min(batch, spreadRows), dim])),
    );
    return { alignment: alignment(images, texts), uniformity: tf.mul<tf.Scalar>(0.5, tf.addN(spread)) };
  });
}
