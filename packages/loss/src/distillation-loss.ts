import { assertShape } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/** How features are drawn to a teacher's: `mse`, by the squared distance; `cosine`, by the direction alone; `both`, by the sum
 * of half the squared distance and the cosine's part. */
export const distillationConfig = z.enum(['mse', 'cosine', 'both']);

/** A checked `distillationConfig`. */
export type DistillationConfig = z.infer<typeof distillationConfig>;

/** The loss of features that have nothing in common with those of the teacher: at right angles to its unit rows, and for the
 * distance of length 0. */
export const unrelatedDistillationLoss: Readonly<Record<DistillationConfig, number>> = { mse: 1, cosine: 1, both: 1.5 };

/** Draws a student's features to those of a frozen teacher for the same meaning, such as a caption and its translation.
 * The squared distance is the mean squared error of the entries times `dim`: entries of unit rows shrink as `dim` grows, and a
 * loss that shrank with them would sink below the ε of the optimizer.
 * @param student - [batch, dim], of any length.  @param teacher - [batch, dim]; it gets no gradient that is used.
 * @returns scalar, mean over the rows: squared distance, 1 − cosine in [0, 2], or half the former plus the latter.
 * @throws {ShapeError} if the shapes differ.
 * @see Reimers, Gurevych 2020, section 2 — https://arxiv.org/abs/2004.09813; for CLIP: Carlsson et al. 2022 (Multilingual-CLIP) */
export function distillationLoss(config: DistillationConfig, student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  assertShape('teacher', teacher.shape, student.shape);
  return tf.tidy(() => {
    if (config === 'mse') return squaredDistance(student, teacher);
    const cosine = tf.mul(tf.sum(tf.mul(student, teacher), 1), tf.mul(inverseNorm(student), inverseNorm(teacher)));
    const turned = tf.sub<tf.Scalar>(1, tf.mean(cosine));
    return config === 'cosine' ? turned : tf.add(turned, tf.mul(0.5, squaredDistance(student, teacher)));
  });
}

/** Mean squared distance of the rows. */
const squaredDistance = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar => tf.mean(tf.sum(tf.square(tf.sub(a, b)), 1));

/** 1 / length of each row; finite for rows of zeros. @returns [batch]. */
const inverseNorm = (x: tf.Tensor2D): tf.Tensor => tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1), 1e-24));
