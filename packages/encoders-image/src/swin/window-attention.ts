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
    const order = windowOrder({ window, shift, side });
    const parts = tf.reshape(arranged(x, order), [batch * count, window, window, dim]);
    const split = (map: LinearParams): tf.Tensor =>
      tf.reshape(tf.transpose(linear(map, parts), [0, 3, 1, 2]), [batch, count, heads, dim / heads, cells]);
    const query = tf.mul(split(params.query), Math.sqrt(heads / dim)); // [batch, count, heads, headDim, cells]
    const scores = tf.add(tf.matMul(query, split(params.key), true), scoreBias(params, { window, shift, side }));
    const attended = tf.matMul(split(params.value), tf.softmax(scores), false, true);
    const joined = tf.transpose(tf.reshape(attended, [batch * count, dim, window, window]), [0, 2, 3, 1]);
    return arranged(tf.reshape(linear(params.output, joined), x.shape), inverse(order));
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

/** The cells of maps in another order. Their gradient goes the way back, which is faster than the sums that lookups need.
 * @param order - for each cell of the result the cell of `x`, both counted row by row.  @returns the shape of `x`. */
function arranged(x: tf.Tensor4D, order: Int32Array): tf.Tensor4D {
  if (order.every((from, to) => from === to)) return x;
  const [batch, height, width, dim] = x.shape;
  const lookup = (cells: tf.Tensor, places: Int32Array): tf.Tensor => tf.gather(cells, tf.tensor1d(places, 'int32'), 1);
  const permuted = tf.customGrad((cells) => ({
    value: lookup(cells as tf.Tensor, order),
    gradFunc: (dy) => lookup(dy, inverse(order)),
  }));
  return tf.reshape(permuted(tf.reshape(x, [batch, height * width, dim])), x.shape);
}

/** Where each place of `order` went. */
function inverse(order: Int32Array): Int32Array {
  const result = new Int32Array(order.length);
  order.forEach((from, to) => (result[from] = to));
  return result;
}

/** The cells of a map window by window, each row by row. */
export function windowOrder({ window, shift, side }: MapWindows): Int32Array {
  const [cells, across] = [window * window, side / window];
  return Int32Array.from({ length: side * side }, (_, place) => {
    const [index, cell] = [Math.floor(place / cells), place % cells];
    const row = Math.floor(index / across) * window + Math.floor(cell / window) + shift;
    const column = (index % across) * window + (cell % window) + shift;
    return (row % side) * side + (column % side);
  });
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
