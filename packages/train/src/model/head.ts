import type { Random } from '@azclip/base';
import {
  dropout,
  initProjection,
  projection,
  type Mode,
  type ProjectionConfig,
  type ProjectionParams,
} from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Mean and variance of each feature over the training images, [featureDim]; kept, not learned. */
export interface FeatureStatistics {
  readonly runningMean: tf.Tensor1D;
  readonly runningVar: tf.Tensor1D;
}

/** Parameters of the road from a tower's features to the shared space. */
export interface HeadParams {
  readonly statistics?: FeatureStatistics;
  readonly projection: ProjectionParams;
}

/** What a head does before it projects. */
export interface HeadOptions {
  readonly dropout: number;
  readonly standardize: boolean;
  readonly projection: ProjectionConfig;
}

/** Fresh parameters; statistics start as mean 0 and variance 1. */
export function initHead(featureDim: number, options: HeadOptions, random: Random): HeadParams {
  const learned = { projection: initProjection(options.projection, featureDim, random) };
  if (!options.standardize) return learned;
  return { ...learned, statistics: { runningMean: tf.zeros([featureDim]), runningVar: tf.ones([featureDim]) } };
}

/** Features → (standardised) → dropout → projection.
 * @param features - [batch, featureDim].  @returns [batch, dim], not yet unit rows. */
export function head(params: HeadParams, features: tf.Tensor2D, options: HeadOptions, mode: Mode): tf.Tensor2D {
  return tf.tidy(() => {
    const scaled = params.statistics ? standardize(params.statistics, features) : features;
    return projection(
      options.projection,
      params.projection,
      dropout(scaled, options.dropout, mode) as tf.Tensor2D,
      mode,
    );
  });
}

/** Features that hardly vary are scaled by this deviation at least, so that their noise is not blown up. */
const smallestVariance = 1e-4;

const standardize = ({ runningMean, runningVar }: FeatureStatistics, x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.sub(x, runningMean), tf.rsqrt(tf.maximum(runningVar, smallestVariance)));
