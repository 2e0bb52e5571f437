import { isFixed } from '../../graph/constants.ts';
import { node, producer } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';

/** An affine map of every token of a sequence → a product with the sequence as it is and a sum, in place of a `Gemm` of its
 * rows: ONNX Runtime writes the bias of a `Gemm` by one thread, but adds by all of them, and within a GELU where one follows. */
export const fuseMapOfTokens: Rule = (value, rewritten) => {
  const [rows, shape] = producer(value, 'Reshape')?.inputs ?? [];
  const gemm = rows && producer(rewritten(rows), 'Gemm');
  const [x, weight, bias] = gemm?.inputs ?? [];
  const tokens = x && producer(x, 'Reshape')?.inputs[0];
  if (!rows || !gemm || !shape || !tokens || !weight || !bias || !isFixed(weight)) return undefined;
  if (gemm.attributes['transA'] !== 0 || gemm.attributes['transB'] !== 0) return undefined;
  if (tokens.shape.length !== 3 || tokens.shape[2] !== x.shape[1]) return undefined;
  const type = { dtype: value.dtype, shape: [...tokens.shape.slice(0, 2), weight.shape[1] ?? 0] };
  const sum = node('Add', [node('MatMul', [tokens, weight], type), bias], type);
  return type.shape.join() === value.shape.join() ? sum : node('Reshape', [sum, rewritten(shape)], value);
};
