import type * as tf from '@tensorflow/tfjs';

import type { Value } from '../graph/graph.ts';
import { matMul } from '../operators/linear.ts';
import { reshape } from '../operators/shape.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** How TF.js samples: with corners aligned, or at the centres of pixels. */
interface Sampling {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Distance between samples, in source pixels. */
const stepOf = (from: number, to: number, { alignCorners }: Sampling): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

/** Weights [to, from] of linear interpolation along one axis, rows adding up to 1. */
function linearWeights(from: number, to: number, sampling: Sampling): Float32Array {
  const weights = new Float32Array(to * from);
  const step = stepOf(from, to, sampling);
  for (let i = 0; i < to; i++) {
    const position = sampling.halfPixelCenters ? (i + 0.5) * step - 0.5 : i * step;
    const low = Math.max(0, Math.floor(position));
    const high = Math.min(from - 1, Math.ceil(position));
    const share = position - Math.floor(position);
    const at = i * from;
    weights[at + low] = (weights[at + low] ?? 0) + 1 - share;
    weights[at + high] = (weights[at + high] ?? 0) + share;
  }
  return weights;
}

/** Weights [to, from] that choose the nearest entry along one axis. */
function nearestWeights(from: number, to: number, sampling: Sampling): Float32Array {
  const weights = new Float32Array(to * from);
  const step = stepOf(from, to, sampling);
  for (let i = 0; i < to; i++) {
    const position = sampling.halfPixelCenters ? step * (i + 0.5) : step * i;
    const nearest = Math.min(from - 1, sampling.alignCorners ? Math.round(position) : Math.floor(position));
    weights[i * from + Math.max(0, nearest)] = 1;
  }
  return weights;
}

type Weights = (from: number, to: number, sampling: Sampling) => Float32Array;

/** Resamples rows and columns by one matrix each: out = rows · x · columnsᵀ; the adjoint has both transposed. */
function resample(x: Value, rows: Value, columns: Value, adjoint: boolean): Value {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const outHeight = rows.shape[adjoint ? 1 : 0] ?? 0;
  const outWidth = columns.shape[adjoint ? 1 : 0] ?? 0;
  const lines = reshape(x, [batch, height, width * channels]);
  const stacked = matMul(reshape(rows, [1, ...rows.shape]), lines, { transposeA: adjoint }); // [batch, outHeight, …]
  const cells = reshape(stacked, [batch * outHeight, width, channels]);
  const result = matMul(reshape(columns, [1, ...columns.shape]), cells, { transposeA: adjoint });
  return reshape(result, [batch, outHeight, outWidth, channels]);
}

const matrices = (like: Value, from: Value['shape'], to: readonly number[], sampling: Sampling, weights: Weights) =>
  [0, 1].map((axis) => {
    const [source, target] = [from[axis + 1] ?? 0, to[axis] ?? 0];
    return like.graph.constant('float32', [target, source], weights(source, target, sampling));
  }) as [Value, Value];

const resizing = (name: string, weights: Weights): readonly KernelEntry[] => [
  kernel<'images', tf.ResizeBilinearAttrs>(name, ({ images }, { size, ...sampling }) =>
    resample(images, ...matrices(images, images.shape, size, sampling, weights), false),
  ),
  kernel<'images' | 'dy', tf.ResizeBilinearGradAttrs>(`${name}Grad`, ({ images, dy }, sampling) =>
    resample(dy, ...matrices(dy, images.shape, dy.shape.slice(1, 3), sampling, weights), true),
  ),
];

/** Resizing of images and its gradients. */
export const resizingKernels: readonly KernelEntry[] = [
  ...resizing('ResizeBilinear', linearWeights),
  ...resizing('ResizeNearestNeighbor', nearestWeights),
];
