import { scalar } from '../graph/constants.ts';
import { liveNodes } from '../graph/encode.ts';
import { Graph, node, type Attribute, type Value } from '../graph/graph.ts';
import { add, div, mul } from '../operators/elementwise.ts';
import { gemm } from '../operators/linear.ts';
import { reduce } from '../operators/reduce.ts';
import { reshape, transpose } from '../operators/shape.ts';
import { foldFactors } from './fold-factors.ts';

const graph = new Graph();
const float = (name: string, ...shape: number[]): Value => graph.input(name, { dtype: 'float32', shape });
const [a, b, cube, bias] = [float('a', 4, 6), float('b', 6, 8), float('cube', 2, 2, 6), float('bias', 8)];

/** Operators that are left, products with their factor. */
function operatorsOf(...outputs: readonly Value[]): readonly string[] {
  const rewritten = foldFactors(outputs);
  const alpha = (attribute: Attribute | undefined) => (attribute as { readonly float: number } | undefined)?.float;
  return liveNodes(outputs.map(rewritten)).map(({ operator, attributes }) => {
    const factor = alpha(attributes['alpha']);
    return factor === undefined ? operator : `${operator} ${String(factor)}`;
  });
}

it('gives a product the factors of its operands', () => {
  expect(operatorsOf(gemm(mul(a, 3), b))).toEqual(['Gemm 3']);
  expect(operatorsOf(gemm(mul(a, 3), div(b, 2)))).toEqual(['Gemm 1.5']);
});

it('finds a factor behind another shape and another order', () => {
  expect(operatorsOf(gemm(reshape(mul(cube, 3), [4, 6]), b))).toEqual(['Reshape', 'Gemm 3']);
  expect(operatorsOf(gemm(transpose(mul(b, 3), [1, 0]), transpose(a, [1, 0])))).toEqual([
    'Transpose',
    'Transpose',
    'Gemm 3',
  ]);
});

it('leaves a factor where something else reads the scaled value', () => {
  const scaled = mul(a, 3);
  expect(operatorsOf(gemm(scaled, b), add(scaled, a))).toEqual(['Mul', 'Gemm', 'Add']);
  expect(operatorsOf(gemm(scaled, b), scaled)).toEqual(['Mul', 'Gemm']);
});

it('gives every product of a scaled value its factor', () => {
  const scaled = mul(a, 3);
  expect(operatorsOf(gemm(scaled, b), gemm(scaled, scaled, { transposeB: true }))).toEqual(['Gemm 3', 'Gemm 9']);
});

it('takes a factor behind the bias into product and bias', () => {
  const affine = reshape(add(gemm(a, b), bias), [2, 2, 8]);
  expect(operatorsOf(div(affine, 2))).toEqual(['Gemm 0.5', 'Mul', 'Add', 'Reshape']);
});

it('makes no product twice for a factor', () => {
  const affine = add(gemm(a, b), bias);
  expect(operatorsOf(mul(affine, 3), add(affine, 1))).toEqual(['Gemm', 'Add', 'Mul', 'Add']);
  expect(operatorsOf(mul(affine, 3), affine)).toEqual(['Gemm', 'Add', 'Mul']);
  const full = add(gemm(a, b), float('full', 4, 8));
  expect(operatorsOf(mul(full, 3))).toEqual(['Gemm', 'Add', 'Mul']);
});

it('multiplies a sum instead of what it adds up', () => {
  const sum = foldFactors([reduce('ReduceSum', mul(a, 3), [0], false)])(reduce('ReduceSum', mul(a, 3), [0], false));
  expect(liveNodes([sum]).map(({ operator, outputs }) => [operator, outputs[0]?.shape])).toEqual([
    ['ReduceSum', [6]],
    ['Mul', [6]],
  ]);
});

it('keeps every other value as it is, numbers of more than one entry too', () => {
  const rows = node('Mul', [a, graph.constant('float32', [6], new Float32Array(6).fill(2))], a);
  expect(operatorsOf(gemm(rows, b))).toEqual(['Mul', 'Gemm']);
  expect(operatorsOf(add(a, scalar(graph, 'float32', 1)))).toEqual(['Add']);
});
