import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/** How features are drawn to a teacher's: `mse`, their coordinates; `cosine`, their direction alone. */
export const distillationConfig = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('mse') }),
  z.strictObject({ name: z.literal('cosine') }),
]);

/** A checked `distillationConfig`. */
export type DistillationConfig = z.infer<typeof distillationConfig>;

/** Draws a student's features to those of a frozen teacher for the same meaning, such as a caption and its translation.
 * @param student - [batch, dim].  @param teacher - [batch, dim]; it gets no gradient that is used.
 * @returns scalar: mean squared difference of the entries, or mean 1 − cosine, in [0, 2].
 * @throws {ShapeError} if the shapes differ.
 * @see Reimers, Gurevych 2020, section 2 — https://arxiv.org/abs/2004.09813; for CLIP: Carlsson et al. 2022 (Multilingual-CLIP) */
export function distillationLoss(config: DistillationConfig, student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  assertShape('teacher', teacher.shape, student.shape);
  return tf.tidy(() => {
    if (config.name === 'mse') return tf.mean<tf.Scalar>(tf.square(tf.sub(student, teacher)));
    const cosine = tf.mul(tf.sum(tf.mul(student, teacher), 1), tf.mul(inverseNorm(student), inverseNorm(teacher)));
    return tf.sub<tf.Scalar>(1, tf.mean(cosine));
  });
}

/** 1 / length of each row; finite for rows of zeros. @returns [batch]. */
const inverseNorm = (x: tf.Tensor2D): tf.Tensor => tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1), 1e-24));
