import { sizeOf } from '../graph/constants.ts';
import { producer, type Value } from '../graph/graph.ts';
import { rowSumsOf, type RowSums } from '../operators/segment-sum.ts';
import type { HostData } from '../runtime/host-tensor.ts';
import type { Update } from './in-place.ts';

/** A new value of the state that is a few rows added into a large table of zeros, or into the table as it was. */
export interface RowUpdate extends RowSums {
  readonly onto: 'zeros' | 'before';
}

/** Below so many rows of the table to one that is added, the graph adds them itself: it has all threads. */
const fewestRowsEach = 8;

/** Recognises the gradient of an embedding whose table is much larger than the batch. In the graph it is three passes over the
 * table and two tables of temporary memory; on the host it is the rows alone, on cleared memory. */
export function rowUpdateOf({ before, after }: Update): RowUpdate | undefined {
  const sums = rowSumsOf(after);
  const update = sums ? { ...sums, onto: 'zeros' as const } : addedOnto(before, after);
  if (!update || sizeOf(after.shape) < fewestRowsEach * sizeOf(update.rows.shape)) return undefined;
  return update.ids.dtype === 'int32' ? update : undefined;
}

function addedOnto(before: Value, after: Value): RowUpdate | undefined {
  const [a, b] = producer(after, 'Add')?.inputs ?? [];
  const added = a === before ? b : b === before ? a : undefined;
  const sums = added && rowSumsOf(added);
  return sums && { ...sums, onto: 'before' };
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
