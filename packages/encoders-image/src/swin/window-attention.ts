import type { Random } from '@azclip/base';
import { initAttention, linear, normalTensor, type AttentionParams, type LinearParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Parameters of attention within windows. */
export interface WindowAttentionParams extends AttentionParams {
  /** [(2 · window − 1)², heads]: what is added to a score by the offset of the two cells. */
  readonly relativeBias: tf.Tensor2D;
}

/** How the windows lie on the map. */
export interface Windows {
  /** Cells a side of a window; divides the side of the map. */
  readonly window: number;
  /** Cells by which the windows are shifted up and left; 0 for none. */
  readonly shift: number;
  readonly heads: number;
}

/** Self-attention of the cells of each window among each other; windows shifted over the edge go on at the other side,
 * where cells that are no neighbours on the image do not attend to each other.
 * @param x - [batch, side, side, dim].  @returns the same shape.
 * @see Liu et al. 2021, section 3.2 — https://arxiv.org/abs/2103.14030 */
export function windowAttention(params: WindowAttentionParams, x: tf.Tensor4D, { window, shift, heads }: Windows) {
  return tf.tidy((): tf.Tensor4D => {
    const [batch, side, , dim] = x.shape;
    const cells = window * window;
    const count = (side / window) ** 2;
    const parts = intoWindows(rolled(x, shift), window); // [batch · count, cells, dim]
    const split = (map: LinearParams): tf.Tensor =>
      tf.transpose(tf.reshape(linear(map, parts), [batch, count, cells, heads, dim / heads]), [0, 1, 3, 2, 4]);
    const query = tf.mul(split(params.query), Math.sqrt(heads / dim)); // [batch, count, heads, cells, headDim]
    const scores = tf.add(tf.matMul(query, split(params.key), false, true), scoreBias(params, { window, shift, side }));
    const attended = tf.matMul(tf.softmax(scores), split(params.value));
    const joined = tf.reshape(tf.transpose(attended, [0, 1, 3, 2, 4]), [batch * count, cells, dim]);
    return rolled(fromWindows(linear(params.output, joined), window, side), -shift);
  });
}

/** Xavier-uniform maps, offsets of standard deviation 0.02. */
export const initWindowAttention = (
  dim: number,
  { window, heads }: Pick<Windows, 'window' | 'heads'>,
  random: Random,
): WindowAttentionParams => ({
  ...initAttention(dim, random),
  relativeBias: normalTensor<tf.Rank.R2>([(2 * window - 1) ** 2, heads], 0.02, random.fork('relativeBias')),
});

/** Moves the map `shift` cells up and left, around the edges. */
function rolled(x: tf.Tensor4D, shift: number): tf.Tensor4D {
  if (shift === 0) return x;
  const side = x.shape[1];
  const cut = (shift + side) % side;
  const rows = tf.concat([tf.slice(x, [0, cut], [-1, side - cut]), tf.slice(x, [0, 0], [-1, cut])], 1);
  return tf.concat([tf.slice(rows, [0, 0, cut], [-1, -1, side - cut]), tf.slice(rows, [0, 0, 0], [-1, -1, cut])], 2);
}

function intoWindows(x: tf.Tensor4D, window: number): tf.Tensor3D {
  const [batch, side, , dim] = x.shape;
  const count = side / window;
  const parts = tf.reshape(x, [batch, count, window, count, window, dim]);
  return tf.reshape(tf.transpose(parts, [0, 1, 3, 2, 4, 5]), [batch * count * count, window * window, dim]);
}

function fromWindows(parts: tf.Tensor, window: number, side: number): tf.Tensor4D {
  const count = side / window;
  const dim = parts.shape[2] ?? 0;
  const cells = tf.reshape(parts, [-1, count, count, window, window, dim]);
  return tf.reshape(tf.transpose(cells, [0, 1, 3, 2, 4, 5]), [-1, side, side, dim]);
}

/** What is added to the scores: the learned bias of the offset, and −100 between cells that are no neighbours.
 * @returns [1 or count, heads, cells, cells]. */
function scoreBias({ relativeBias }: WindowAttentionParams, { window, shift, side }: MapWindows): tf.Tensor {
  const cells = window * window;
  const offsets = tf.tensor1d(offsetIndices(window), 'int32');
  const perHead = tf.transpose(tf.reshape(tf.gather(relativeBias, offsets), [cells, cells, -1]), [2, 0, 1]);
  const bias = tf.expandDims(perHead, 0); // [1, heads, cells, cells]
  if (shift === 0) return bias;
  return tf.add(bias, tf.tensor(strangerMask(window, shift, side), [(side / window) ** 2, 1, cells, cells]));
}

interface MapWindows {
  readonly window: number;
  readonly shift: number;
  readonly side: number;
}

/** For each pair of cells of a window the row of the bias table: (Δrow, Δcolumn), each in 0 … 2 · window − 2. */
export function offsetIndices(window: number): Int32Array {
  const cells = window * window;
  return Int32Array.from({ length: cells * cells }, (_, pair) => {
    const [from, to] = [Math.floor(pair / cells), pair % cells];
    const rows = Math.floor(from / window) - Math.floor(to / window) + window - 1;
    return rows * (2 * window - 1) + (from % window) - (to % window) + window - 1;
  });
}

/** −100 for each pair of cells of a window that come from different sides of an edge, else 0. */
export function strangerMask(window: number, shift: number, side: number): Float32Array {
  const cells = window * window;
  const across = side / window;
  const zone = (at: number): number => (at < side - window ? 0 : at < side - shift ? 1 : 2);
  const region = (index: number, cell: number): number => {
    const row = Math.floor(index / across) * window + Math.floor(cell / window);
    const column = (index % across) * window + (cell % window);
    return 3 * zone(row) + zone(column);
  };
  return Float32Array.from({ length: across * across * cells * cells }, (_, i) => {
    const index = Math.floor(i / (cells * cells));
    const [from, to] = [Math.floor(i / cells) % cells, i % cells];
    return region(index, from) === region(index, to) ? 0 : -100;
  });
}
