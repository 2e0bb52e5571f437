import { openWasm } from '@azclip/base';

import { sizeOf } from '../graph/constants.ts';
import type { Value } from '../graph/graph.ts';
import { zeroData, type HostData, type HostTensor, type HostType } from '../runtime/host-tensor.ts';
import { wasm } from './row-sums.wasm.ts';
import type { RowUpdate } from './row-update.ts';

/** An entry of the state that the host brings up to date, by what a run writes for it. */
export interface HostUpdate {
  readonly name: string;
  /** What the run writes: the values of `RowUpdate` by their names there. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
  /** Brings the table up to date, after the run. */
  apply(table: HostData): void;
}

/** The values of an update that leave the graph, by name. */
export const valuesOf = ({ ids, rows, weights }: RowUpdate): Readonly<Record<string, Value>> =>
  weights ? { ids, rows, weights } : { ids, rows };

/** The update of the entry called `name`, a table of `shape`, with buffers of its own. */
export const hostUpdate = (name: string, update: RowUpdate, shape: readonly number[]): HostUpdate =>
  update.weights ? weightedUpdate(name, { ...update, weights: update.weights }, shape) : plainUpdate(name, update);

const zerosFor = ({ dtype, shape }: Value): HostTensor => ({
  dtype: dtype as HostType,
  shape,
  data: zeroData(dtype as HostType, shape),
});

function plainUpdate(name: string, { ids, rows, onto }: RowUpdate): HostUpdate {
  const tensors = { ids: zerosFor(ids), rows: zerosFor(rows) };
  return {
    name,
    tensors,
    apply: (table) => {
      if (onto === 'zeros') table.fill(0);
      addRows(table, tensors.ids.data, tensors.rows.data, rows.shape[1] ?? 1);
    },
  };
}

/** Adds row i of `rows` to row `ids[i]` of `table`, one after another; an id outside the table counts nowhere.
 * @param width - entries of a row. */
export function addRows(table: HostData, ids: HostData, rows: HostData, width: number): void {
  const count = table.length / width;
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] ?? -1;
    if (id < 0 || id >= count) continue;
    const [to, from] = [id * width, i * width];
    for (let j = 0; j < width; j += 1) table[to + j] = (table[to + j] ?? 0) + (rows[from + j] ?? 0);
  }
}

/** The functions of `wasm/row-sums.ts`; pointers are bytes from the beginning of the memory. */
interface RowSumFunctions {
  addWeightedRows(
    table: number,
    ids: number,
    weights: number,
    vectors: number,
    count: number,
    each: number,
    width: number,
    rows: number,
  ): void;
}

/** Pointers are multiples of 16; the first bytes stay free. */
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** Ids, weights and vectors are written into the memory of the kernel, which adds them up in a table of its own. */
function weightedUpdate(
  name: string,
  { ids, rows, weights, onto }: RowUpdate & { readonly weights: Value },
  shape: readonly number[],
): HostUpdate {
  const sizes = [shape, ids.shape, weights.shape, rows.shape].map((each) => aligned(4 * sizeOf(each)));
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 16));
  const [tableAt = 0, idsAt = 0, weightsAt = 0, rowsAt = 0] = starts;
  const { buffer, functions } = openWasm(wasm, rowsAt + (sizes[3] ?? 0));
  const kernel = functions as RowSumFunctions;
  const sums = new Float32Array(buffer, tableAt, sizeOf(shape));
  const [count, width] = [sizeOf(ids.shape), rows.shape[2] ?? 0];
  const each = count / (rows.shape[0] ?? 1);
  return {
    name,
    tensors: {
      ids: { dtype: 'int32', shape: ids.shape, data: new Int32Array(buffer, idsAt, count) },
      weights: { dtype: 'float32', shape: weights.shape, data: new Float32Array(buffer, weightsAt, count) },
      rows: { dtype: 'float32', shape: rows.shape, data: new Float32Array(buffer, rowsAt, sizeOf(rows.shape)) },
    },
    apply: (table) => {
      if (onto === 'zeros') sums.fill(0);
      else sums.set(table);
      kernel.addWeightedRows(tableAt, idsAt, weightsAt, rowsAt, count, each, width, sizeOf(shape) / width);
      table.set(sums);
    },
  };
}
