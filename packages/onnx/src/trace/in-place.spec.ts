import { liveNodes } from '../graph/encode.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add, mul, sub } from '../operators/elementwise.ts';
import { gemm } from '../operators/linear.ts';
import { reduce } from '../operators/reduce.ts';
import { reshape, transpose } from '../operators/shape.ts';
import { canUpdateInPlace, consumersOf } from './in-place.ts';

const square = { dtype: 'float32', shape: [2, 2] } as const;

/** Two layers x · a · b, the gradients of their sum, and an update of `a` by a gradient times `scale(gradients)`. */
function twoLayers(scale: (gradientA: Value, gradientB: Value) => Value) {
  const graph = new Graph();
  const [x, a, b] = ['x', 'a', 'b'].map((name) => graph.input(name, square)) as [Value, Value, Value];
  const hidden = gemm(x, a);
  const loss = reduce('ReduceSum', mul(gemm(hidden, b), hidden), [0, 1], false);
  const back = gemm(mul(loss, hidden), b, { transposeB: true }); // reads b
  const [gradientA, gradientB] = [
    gemm(x, back, { transposeA: true }),
    gemm(hidden, mul(loss, hidden), { transposeA: true }),
  ];
  const factor = scale(gradientA, gradientB);
  return { a, b, loss, newA: sub(a, mul(gradientA, factor)), newB: sub(b, mul(gradientB, factor)) };
}

function inPlace(before: Value, after: Value, outputs: readonly Value[]): boolean {
  return canUpdateInPlace({ before, after }, consumersOf(liveNodes(outputs)), new Set(outputs));
}

const norm = (x: Value): Value => reduce('ReduceSum', mul(x, x), [0, 1], false);

it('writes in place when all gradients go into every update', () => {
  const { a, b, newA, newB, loss } = twoLayers((gradientA, gradientB) => add(norm(gradientA), norm(gradientB)));
  expect([inPlace(a, newA, [newA, newB, loss]), inPlace(b, newB, [newA, newB, loss])]).toEqual([true, true]);
});

it('does not where the gradient of the layer below still reads the weight', () => {
  const { b, newA, newB, loss } = twoLayers((gradientA) =>
    add(gradientA.graph.constant('float32', [], Float32Array.of(0.1)), 0),
  );
  expect(inPlace(b, newB, [newA, newB, loss])).toBe(false);
});

it('does not where a view of the old value is read afterwards', () => {
  const graph = new Graph();
  const a = graph.input('a', square);
  const next = add(a, 1);
  const late = mul(next, reshape(transpose(reshape(a, [4, 1]), [1, 0]), [2, 2]));
  expect(inPlace(a, next, [next, late])).toBe(false);
});

it('does not where the old value leaves the graph, or is permuted into the new one', () => {
  const graph = new Graph();
  const a = graph.input('a', square);
  const [next, turned] = [add(a, 1), transpose(a, [1, 0])];
  expect([inPlace(a, next, [next]), inPlace(a, next, [next, a]), inPlace(a, turned, [turned])]).toEqual([
    true,
    false,
    false,
  ]);
});
