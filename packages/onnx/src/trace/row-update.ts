import { sizeOf } from '../graph/constants.ts';
import { producer, type Value } from '../graph/graph.ts';
import { rowSumsOf, type RowSums } from '../operators/segment-sum.ts';
import type { Update } from './in-place.ts';

/** A new value of the state that is rows added into a table of zeros, or into the table as it was. */
export interface RowUpdate extends RowSums {
  readonly onto: 'zeros' | 'before';
  /** Where the rows are weighted vectors, the weight of every id, [count]; `rows` is then [vectors, width], and each vector
   * stands for count / vectors ids, side by side. */
  readonly weights?: Value;
}

/** Below so many rows of the table to one that is added, the graph adds them itself: it has all threads. */
const fewestRowsEach = 8;

/** Entries of rows from which on weighted vectors are worth the way to the host, and bytes of the table up to which the host
 * keeps a second one to add them into. */
const [fewestWeighted, largestTable] = [1 << 16, 2 ** 28];

/** Recognises the gradient of an embedding that the host adds up faster than the graph. That of a table much larger than the
 * batch is in the graph three passes over the table and two tables of temporary memory; on the host it is the rows alone, on
 * cleared memory. That of a weighted sum, as of a bag of words, would have a row for every word in the graph, and sort them;
 * the host takes the vector of the bag for each of its words (docs/decisions/0146). */
export function rowUpdateOf({ before, after }: Update): RowUpdate | undefined {
  const sums = rowSumsOf(after);
  const update = sums ? { ...sums, onto: 'zeros' as const } : addedOnto(before, after);
  if (update?.ids.dtype !== 'int32') return undefined;
  if (sizeOf(after.shape) >= fewestRowsEach * sizeOf(update.rows.shape)) return update;
  const isWorthIt = sizeOf(update.rows.shape) >= fewestWeighted && 4 * sizeOf(after.shape) <= largestTable;
  const factors = isWorthIt ? outerFactors(update.rows) : undefined;
  return factors && { ...update, ...factors };
}

function addedOnto(before: Value, after: Value): RowUpdate | undefined {
  const [a, b] = producer(after, 'Add')?.inputs ?? [];
  const added = a === before ? b : b === before ? a : undefined;
  const sums = added && rowSumsOf(added);
  return sums && { ...sums, onto: 'before' };
}

/** Weights and vectors of rows that are outer products, [batch, each, 1] · [batch, 1, width], under any shape. */
function outerFactors(rows: Value): Pick<RowUpdate, 'rows' | 'weights'> | undefined {
  const reshaped = producer(rows, 'Reshape')?.inputs[0];
  if (reshaped) return outerFactors(reshaped);
  const [weights, vectors] = producer(rows, 'MatMul')?.inputs ?? [];
  if (weights?.shape.length !== 3 || vectors?.shape.length !== 3) return undefined;
  const [[batch, , inner], [batches, , width = 0]] = [weights.shape, vectors.shape];
  return inner === 1 && batch === batches && width % 4 === 0 ? { weights, rows: vectors } : undefined;
}
