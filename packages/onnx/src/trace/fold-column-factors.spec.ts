import * as tf from '@tensorflow/tfjs';

import { compile } from '../compile.ts';
import { liveNodes } from '../graph/encode.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add, mul } from '../operators/elementwise.ts';
import { gemm } from '../operators/linear.ts';
import { reduce } from '../operators/reduce.ts';
import { reshape } from '../operators/shape.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import { foldColumnFactors } from './fold-column-factors.ts';

const graph = new Graph();
const float = (name: string, ...shape: number[]): Value => graph.input(name, { dtype: 'float32', shape });
/** A tall matrix, factors for its columns, and what it meets in products. */
const [rows, images, factors] = [float('rows', 60, 6), float('images', 3, 4, 5, 6), float('factors', 6)];
const [weight, others] = [float('weight', 6, 4), float('others', 60, 4)];
const scaled = mul(rows, factors);

/** Operators that are left, with the sizes of what they give. */
const operatorsOf = (...outputs: readonly Value[]): readonly string[] =>
  liveNodes(outputs.map(foldColumnFactors(outputs))).map(
    ({ operator, outputs: [output] }) => `${operator} ${output?.shape.join(' ') ?? ''}`,
  );

it('multiplies the other operand where a product sums over the columns', () => {
  expect(operatorsOf(gemm(scaled, weight))).toEqual(['Reshape 6 1', 'Mul 6 4', 'Gemm 60 4']);
});

it('multiplies the result where the columns are rows or columns of it', () => {
  expect(operatorsOf(gemm(others, scaled, { transposeA: true }))).toEqual(['Gemm 4 6', 'Mul 4 6']);
  expect(operatorsOf(gemm(scaled, others, { transposeA: true }))).toEqual(['Gemm 6 4', 'Reshape 6 1', 'Mul 6 4']);
});

it('serves all products of a matrix, and sums of its rows, under another shape too', () => {
  const image = mul(images, factors);
  const seen = reshape(image, [60, 6]);
  const sums = reduce('ReduceSum', image, [0, 1, 2], false);
  expect(operatorsOf(gemm(seen, weight), gemm(others, seen, { transposeA: true }), sums)).not.toContain('Mul 3 4 5 6');
});

it.each([
  { name: 'something else reads the matrix', outputs: [gemm(scaled, weight), add(scaled, rows)] },
  { name: 'the matrix leaves the graph', outputs: [gemm(scaled, weight), scaled] },
  { name: 'a sum goes along its rows', outputs: [reduce('ReduceSum', scaled, [1], false)] },
  { name: 'a shape cuts its columns', outputs: [gemm(reshape(scaled, [120, 3]), float('narrow', 3, 4))] },
  { name: 'a product would have as much to multiply', outputs: [gemm(scaled, float('wide', 6, 60))] },
  { name: 'both operands are the matrix', outputs: [gemm(scaled, scaled, { transposeA: true })] },
])('leaves the factors where $name', ({ outputs }) => {
  expect(operatorsOf(...outputs)).toContain('Mul 60 6');
});

const waves = (seed: number, ...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + 1.7 * i)),
});
const tensorOf = ({ data, shape }: HostTensor): tf.Tensor => tf.tensor(data, [...shape]);

/** Products of scaled columns on either side, turned or not; 512 columns of a result have the left operand turned. */
const products: Readonly<Record<string, (x: tf.Tensor2D, v: tf.Tensor, other: tf.Tensor2D) => tf.Tensor>> = {
  'x · w': (x, v, w) => tf.matMul(tf.mul<tf.Tensor2D>(x, v), tf.slice(w, [0, 0], [6, 8])),
  'x · wᵀ': (x, v, w) => tf.matMul(tf.mul<tf.Tensor2D>(x, v), tf.slice(w, [0, 0], [8, 6]), false, true),
  'xᵀ · y': (x, v, y) => tf.matMul(tf.mul<tf.Tensor2D>(x, v), tf.slice(y, [0, 0], [-1, 7]), true),
  'xᵀ turned · y': (x, v, y) => tf.matMul(tf.mul<tf.Tensor2D>(x, v), y, true),
  'yᵀ · x': (x, v, y) => tf.matMul(tf.slice(y, [0, 0], [-1, 7]), tf.mul<tf.Tensor2D>(x, v), true),
  'w · xᵀ': (x, v, w) => tf.matMul(tf.slice(w, [0, 0], [8, 6]), tf.mul<tf.Tensor2D>(x, v), false, true),
  'sum of rows': (x, v) => tf.sum(tf.mul(x, v), 0),
};

it.each(Object.keys(products))('gives the same numbers: %s', async (name) => {
  const inputs = { x: waves(1, 2000, 6), v: waves(2, 6), other: waves(3, 2000, 600) };
  const fn = products[name] as (typeof products)[string];
  const compiled = compile(({ x, v, other }) => ({
    y: fn(x as tf.Tensor2D, v as tf.Tensor, other as tf.Tensor2D),
  }));
  const actual = (await compiled.run(inputs))['y']?.data;
  compiled.dispose();
  const expected = fn(tensorOf(inputs.x) as tf.Tensor2D, tensorOf(inputs.v), tensorOf(inputs.other) as tf.Tensor2D);
  expect(actual).toBeAllClose(expected.dataSync(), 1e-4);
});
