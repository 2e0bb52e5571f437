import { sizeOf } from '../graph/constants.ts';
import { node, producer, type Value } from '../graph/graph.ts';
import { and, cast, equal, minimum, not, where } from './elementwise.ts';
import { gather, scatterNd, topK } from './index-operators.ts';
import { matMul } from './linear.ts';
import { concat, filled, pad, reshape, slice } from './shape.ts';

/** ONNX Runtime adds up to this many numbers on one thread, whatever the machine. Above, `ScatterND` shares them out among
 * threads that do not wait for each other, and sums of repeated indices get lost (docs/decisions/0003). */
const oneThread = 16_384;

/** Rows that are compared with each other at once: a power of two near the root of the cost, count · block for the products
 * inside the blocks and (count / block)² for those of the sums that run over (docs/decisions/0140). */
const blockRowsOf = (count: number): number =>
  2 ** Math.min(6, Math.max(3, Math.floor(Math.log2(Math.cbrt(2 * count)))));

/** Where sums of rows come from: what the host adds them up from itself, where the table is large and the rows are few. */
export interface RowSums {
  /** [count] int32, as for `segmentSum`. */
  readonly ids: Value;
  /** [count, width] */
  readonly rows: Value;
}

const knownSums = new WeakMap<Value, RowSums>();

/** The rows that a value is the sum of, where it is a sum of segments under any shape. */
export function rowSumsOf(value: Value): RowSums | undefined {
  const known = knownSums.get(value);
  if (known) return known;
  const reshaped = producer(value, 'Reshape')?.inputs[0];
  return reshaped && rowSumsOf(reshaped);
}

/** Sums the rows of each segment, the same in every run.
 * @param ids - [count] int32: the segment of a row; `segments` itself for a row that counts nowhere.
 * @param rows - [count, width].
 * @returns [segments, width], zeros where a segment has no row. */
export function segmentSum(ids: Value, rows: Value, segments: number): Value {
  const [, width = 0] = rows.shape;
  const sums =
    sizeOf(rows.shape) <= oneThread
      ? scatterNd(filled(rows, [segments + 1, width], 0), column(ids), rows, 'add')
      : width === 1
        ? addElements(ids, rows, segments)
        : sumSorted(ids, rows, segments);
  const result = slice(sums, [0, 0], [segments, width]);
  knownSums.set(result, { ids, rows });
  return result;
}

/** Single numbers: `ScatterElements` adds them one after another. */
function addElements(ids: Value, rows: Value, segments: number): Value {
  const zeros = filled(rows, [segments + 1, 1], 0);
  const inputs = [zeros, cast(column(ids), 'int64'), rows];
  return node('ScatterElements', inputs, zeros, { attributes: { reduction: 'add', axis: 0 } });
}

/** Rows sorted by id and cut into blocks: the first row of a segment in its block carries the sum of all its rows there,
 * so that but one row of a segment is written, and threads never meet. Segments that run over into the next blocks get
 * the sums of those blocks in a second writing.
 * @returns [segments + 1, width]; the last row is that of no segment. */
function sumSorted(ids: Value, rows: Value, segments: number): Value {
  const [count = 0, width = 0] = rows.shape;
  const blockRows = blockRowsOf(count);
  const blocks = Math.ceil(count / blockRows);
  const padded = pad(ids, [[0, blocks * blockRows - count]], { value: segments });
  const [sorted, order] = topK(padded, blocks * blockRows);
  const inBlocks = reshape(gather(rows, minimum(order, count - 1), 0), [blocks, blockRows, width]);
  const grid = reshape(sorted, [blocks, blockRows]);
  const same = sameIds(reshape(grid, [blocks, blockRows, 1]), reshape(grid, [blocks, 1, blockRows]));
  const blockSums = matMul(same, inBlocks);
  const starts = not(equal(sorted, shifted(sorted)));
  const own = scatterNd(
    filled(rows, [segments + 1, width], 0),
    column(where(starts, sorted, segments)),
    reshape(blockSums, [blocks * blockRows, width]),
    'none',
  );
  const atHead = (x: Value): Value => reshape(slice(reshape(x, [blocks, blockRows]), [0, 0], [blocks, 1]), [blocks]);
  const headSums = reshape(slice(blockSums, [0, 0, 0], [blocks, 1, width]), [blocks, width]);
  const continued = where(cast(atHead(cast(starts, 'int32')), 'bool'), -1, atHead(sorted));
  const totals = matMul(sameIds(reshape(continued, [blocks, 1]), reshape(continued, [1, blocks])), headSums);
  const first = and(not(equal(continued, shifted(continued))), not(equal(continued, filled(continued, [], -1))));
  return scatterNd(own, column(where(first, continued, segments)), totals, 'add');
}

/** Every entry's predecessor, −2 before the first. */
const shifted = (x: Value): Value => concat([filled(x, [1], -2), slice(x, [0], [(x.shape[0] ?? 1) - 1])], 0);

/** 1 where the ids are equal, else 0. */
const sameIds = (a: Value, b: Value): Value => cast(equal(a, b), 'float32');

const column = (ids: Value): Value => reshape(ids, [ids.shape[0] ?? 0, 1]);
