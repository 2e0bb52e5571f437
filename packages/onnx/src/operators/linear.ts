import { sizeOf } from '../graph/constants.ts';
import { node, type Value } from '../graph/graph.ts';
import { broadcastShape, filled, reshape, transpose } from './shape.ts';

/** Which operands of a matrix product are taken transposed. */
export interface Transposition {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const swapLast = (x: Value): Value => {
  const rank = x.shape.length;
  return transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
};

/** Product of two matrices, [m, k] · [k, n], each taken transposed where asked. */
export function gemm(a: Value, b: Value, { transposeA = false, transposeB = false }: Transposition = {}): Value {
  const shape = [a.shape[transposeA ? 1 : 0] ?? 0, b.shape[transposeB ? 0 : 1] ?? 0];
  if (a.dtype !== 'float32') {
    return node('MatMul', [transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b], { dtype: a.dtype, shape });
  }
  const turned = transposeA && (shape[1] ?? 0) >= columnsOfTurned;
  const attributes = { transA: transposeA && !turned ? 1 : 0, transB: transposeB ? 1 : 0 };
  return node('Gemm', [turned ? swapLast(a) : a, b], { dtype: a.dtype, shape }, { attributes });
}

/** ONNX Runtime packs a transposed left operand anew for every 128 columns of the product; from here on it is turned once
 * (docs/decisions/0145). */
const columnsOfTurned = 512;

/** Matrix product over the last two axes; the others broadcast. */
export function matMul(a: Value, b: Value, { transposeA = false, transposeB = false }: Transposition = {}): Value {
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape.at(transposeA ? -1 : -2) ?? 0;
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 0;
  const shape = [...batch, rows, columns];
  if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return filled(a, shape, 0);
  if (sizeOf(batch) === 1) {
    const [flatA, flatB] = [reshape(a, a.shape.slice(-2)), reshape(b, b.shape.slice(-2))];
    return reshape(gemm(flatA, flatB, { transposeA, transposeB }), shape);
  }
  return node('MatMul', [transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b], { dtype: a.dtype, shape });
}
