import type { Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { activate } from './activation.ts';
import { dropout } from './dropout.ts';
import { initLayerNorm, layerNorm, type LayerNormParams } from './layer-norm.ts';
import { initLinear, linear, type LinearParams } from './linear.ts';
import type { Mode } from './mode.ts';
import type { ProjectionConfig } from './projection-config.ts';

/** PyTorch's default, which the paper's model uses: nn.LayerNorm(eps=1e-5). */
const epsilon = 1e-5;

/** Parameters of a projection head. */
export interface ProjectionParams {
  /** [featureDim, dim] */
  readonly linear: LinearParams;
  /** [dim, dim], of `mlp` alone. */
  readonly hidden?: LinearParams;
  /** [dim], of `linear-norm` and `mlp`. */
  readonly norm?: LayerNormParams;
}

/** Carries features of a tower into the shared space; the rows are not yet of unit length.
 * `mlp` is layerNorm(p + dropout(hidden(activation(p)))) with p = linear(x).
 * @param x - [batch, featureDim].  @returns [batch, dim]. */
export function projection(
  config: ProjectionConfig,
  params: ProjectionParams,
  x: tf.Tensor2D,
  mode: Mode,
): tf.Tensor2D {
  return tf.tidy(() => {
    const projected = linear(params.linear, x); // [batch, dim]
    const { hidden, norm } = params;
    const branch =
      config.head === 'mlp' && hidden
        ? dropout(linear(hidden, activate(config.activation, projected)), config.dropout, mode)
        : undefined;
    const sum = branch ? tf.add(projected, branch) : projected;
    return (norm ? layerNorm(norm, sum, epsilon) : sum) as tf.Tensor2D;
  });
}

/** Xavier-uniform maps, zero biases, norms of scale 1.
 * @param featureDim - the size of the tower's features. */
export function initProjection(config: ProjectionConfig, featureDim: number, random: Random): ProjectionParams {
  const map = initLinear(featureDim, config.dim, random.fork('linear'));
  if (config.head === 'linear') return { linear: map };
  if (config.head === 'linear-norm') return { linear: map, norm: initLayerNorm(config.dim) };
  const hidden = initLinear(config.dim, config.dim, random.fork('hidden'));
  return { linear: map, hidden, norm: initLayerNorm(config.dim) };
}
