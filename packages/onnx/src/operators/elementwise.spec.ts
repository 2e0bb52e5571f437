import { Graph, type Value } from '../graph/graph.ts';
import { add, cast, div, mul, sub, unary } from './elementwise.ts';
import { expand } from './shape.ts';

const operatorOf = (value: Value): string =>
  value.source.kind === 'node' ? value.source.node.operator : value.source.kind;
const inputsOf = (value: Value): readonly (Value | undefined)[] =>
  value.source.kind === 'node' ? value.source.node.inputs : [];

const inputs = () => {
  const graph = new Graph();
  const x = graph.input('x', { dtype: 'float32', shape: [8, 4] });
  const row = graph.input('row', { dtype: 'float32', shape: [4] });
  return { graph, x, row };
};

it('leaves out what changes nothing', () => {
  const { graph, x } = inputs();
  expect([add(x, 0), sub(x, 0), mul(x, 1), mul(1, x), div(x, 1), cast(x, 'float32')]).toEqual([x, x, x, x, x, x]);
  expect(graph.nodes).toHaveLength(0);
});

it('keeps a neutral constant that broadcasts', () => {
  const { graph, x } = inputs();
  const ones = graph.constant('float32', [2, 1, 1], Float32Array.of(1, 1));
  expect(mul(x, ones).shape).toEqual([2, 8, 4]);
});

it('lets operands broadcast by themselves', () => {
  const { x, row } = inputs();
  expect(inputsOf(add(x, expand(row, [8, 4])))).toEqual([x, row]);
});

it('repeats after the operation where all operands are repeated', () => {
  const { row } = inputs();
  const result = unary('Exp', div(expand(row, [8, 4]), 32));
  expect(operatorOf(result)).toBe('Expand');
  expect(inputsOf(result)[0]?.shape).toEqual([4]);
});

it('joins constant factors and gives them to the smaller operand', () => {
  const { x, row } = inputs();
  const product = mul(mul(x, 2), mul(mul(row, 3), 0.5));
  const [large, small] = inputsOf(product);
  expect(large).toBe(x);
  expect(inputsOf(small as Value)[1]?.source).toMatchObject({ data: Float32Array.of(3) });
});

it('takes away instead of adding what was negated', () => {
  const { x, row } = inputs();
  const difference = add(x, mul(row, -1));
  expect([operatorOf(difference), inputsOf(difference)]).toEqual(['Sub', [x, row]]);
});
