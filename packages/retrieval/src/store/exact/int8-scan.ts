import { InferenceSession, Tensor } from 'onnxruntime-node';

import { encodeGraph } from '../../graph/encode-graph.ts';
import { sessionOptions } from '../../graph/session-options.ts';
import { quantize } from './quantize.ts';
import type { VectorFile } from './vector-file.ts';

/** Largest piece of vectors in one graph: protobuf ends at 2 GiB, and ONNX Runtime packs a copy while loading. */
const BLOCK_BYTES = 2 ** 27;

/** int8 + 128 as uint8. Of ONNX Runtime's kernels for AVX2 only uint8 × uint8 adds up without saturating: uint8 × int8
 * gave 65,280 for 512 · 127² (docs/decisions/0071). */
const ZERO_POINT = 128;

interface Block {
  readonly session: InferenceSession;
  readonly start: number;
  readonly rows: number;
}

/** Best rows for queries by integer dot products in ONNX Runtime: candidates to be scored again in float32. */
export class Int8Scan {
  readonly #file: VectorFile;
  readonly #blocks: readonly Block[];
  readonly #running = new Set<Promise<Int32Array[]>>();

  private constructor(file: VectorFile, blocks: readonly Block[]) {
    this.#file = file;
    this.#blocks = blocks;
  }

  /** Loads the int8 rows of `file`. */
  static async create(file: VectorFile, threads = 0): Promise<Int8Scan> {
    const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / file.dim));
    const blocks: Block[] = [];
    for (let start = 0; start < file.count; start += perBlock) {
      const rows = Math.min(perBlock, file.count - start);
      const bytes = file.bytes.subarray(start * file.dim, (start + rows) * file.dim);
      const graph = scanGraph(columns(bytes, rows, file.dim), rows, file.dim);
      blocks.push({ session: await InferenceSession.create(graph, sessionOptions(threads)), start, rows });
    }
    return new Int8Scan(file, blocks);
  }

  /** The `k` best rows for each query, in no promised order.
   * @param queries - [count, dim], unit rows. */
  async candidates(queries: Float32Array, k: number): Promise<Int32Array[]> {
    const work = this.#run(queries, k);
    this.#running.add(work);
    return work.finally(() => this.#running.delete(work));
  }

  /** Frees the graphs when the last query is answered. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#running);
    for (const { session } of this.#blocks) await session.release();
  }

  async #run(queries: Float32Array, k: number): Promise<Int32Array[]> {
    const { dim, scale } = this.#file;
    const count = queries.length / dim;
    const query = new Tensor('uint8', shift(quantize(queries, scale)), [count, dim]);
    const found: number[][] = Array.from({ length: count }, () => []);
    for (const { session, start, rows } of this.#blocks) {
      const wanted = Math.min(k, rows);
      const { best } = await session.run({ query, k: new Tensor('int64', BigInt64Array.of(BigInt(wanted)), [1]) });
      const indices = best?.data as BigInt64Array;
      for (const [i, row] of indices.entries()) found[Math.floor(i / wanted)]?.push(start + Number(row));
    }
    return found.map((rows) => Int32Array.from(rows));
  }
}

/** query [count, dim] × vectors [dim, rows] → the rows of the k largest sums. */
function scanGraph(vectors: Uint8Array, rows: number, dim: number): Uint8Array {
  return encodeGraph({
    inputs: [
      { name: 'query', type: 'uint8', shape: ['count', dim] },
      { name: 'k', type: 'int64', shape: [1] },
    ],
    outputs: [{ name: 'best', type: 'int64', shape: ['count', 'k'] }],
    constants: [
      { name: 'vectors', type: 'uint8', shape: [dim, rows], data: vectors },
      { name: 'zero', type: 'uint8', shape: [], data: Uint8Array.of(ZERO_POINT) },
    ],
    nodes: [
      { op: 'MatMulInteger', inputs: ['query', 'vectors', 'zero', 'zero'], outputs: ['sums'] },
      { op: 'Cast', inputs: ['sums'], outputs: ['scores'], attributes: { to: 1 } }, // sums stay below 2²⁴: exact
      { op: 'TopK', inputs: ['scores', 'k'], outputs: ['values', 'best'], attributes: { sorted: 0 } },
    ],
  });
}

const shift = (values: Int8Array): Uint8Array => Uint8Array.from(values, (value) => value + ZERO_POINT);

/** Rows [rows, dim] turned into columns [dim, rows] and shifted, a tile at a time so that both sides stay in cache. */
function columns(values: Int8Array, rows: number, dim: number): Uint8Array {
  const tile = 64;
  const turned = new Uint8Array(values.length);
  for (let rowStart = 0; rowStart < rows; rowStart += tile) {
    const rowEnd = Math.min(rowStart + tile, rows);
    for (let column = 0; column < dim; column += 1) {
      for (let row = rowStart; row < rowEnd; row += 1) {
        turned[column * rows + row] = (values[row * dim + column] as number) + ZERO_POINT;
      }
    }
  }
  return turned;
}
