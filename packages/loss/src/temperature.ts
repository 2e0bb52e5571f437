import * as tf from '@tensorflow/tfjs';

/** Largest logit scale, so that the softmax stays stable.
 * @see Radford et al. 2021, section 2.5 — https://arxiv.org/abs/2103.00020 */
export const maxLogitScale = 100;

/** Logarithm of the first logit scale: 1 / 0.07.
 * @see Wu et al. 2018, section 4.1, the source of CLIP's start — https://arxiv.org/abs/1805.01978 */
export const initialLogScale = Math.log(1 / 0.07);

/** The logit scale 1 / temperature, at most 100.
 * @param logScale - scalar, the learned logarithm.  @returns scalar, exp(min(logScale, ln 100)). */
export const logitScale = (logScale: tf.Scalar): tf.Scalar => tf.tidy(() => tf.exp(clampLogScale(logScale)));

/** The learned logarithm brought back to at most ln 100; to be applied after each update, since above the bound the
 * gradient of `logitScale` is 0 and the scale would never come back.
 * @param logScale - scalar.  @returns scalar. */
export const clampLogScale = (logScale: tf.Scalar): tf.Scalar =>
  tf.tidy(() => tf.minimum(logScale, Math.log(maxLogitScale)));
