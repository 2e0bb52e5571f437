import { Graph, node, producer } from './graph.ts';

const pair = { dtype: 'float32', shape: [2] } as const;

it('makes equal applications once', () => {
  const graph = new Graph();
  const [a, b] = [graph.input('a', pair), graph.input('b', pair)];
  const sum = node('Add', [a, b], pair);
  expect(node('Add', [a, b], pair)).toBe(sum);
  expect(node('Add', [b, a], pair)).not.toBe(sum);
  expect(node('Clip', [a, undefined, b], pair)).not.toBe(node('Clip', [a, b], pair));
  expect(graph.nodes).toHaveLength(4);
});

it('knows what an operator has given for a value', () => {
  const graph = new Graph();
  const [a, b] = [graph.input('a', pair), graph.input('b', pair)];
  const positive = node('Relu', [a], pair);
  expect(graph.appliedTo('Relu', a)).toBe(positive);
  expect(graph.appliedTo('Relu', b)).toBeUndefined();
  expect(graph.appliedTo('Abs', a)).toBeUndefined();
});

it('tells applications with other attributes apart', () => {
  const graph = new Graph();
  const x = graph.input('x', pair);
  const softmax = (axis: number) => node('Softmax', [x], pair, { attributes: { axis } });
  expect(softmax(0)).toBe(softmax(0));
  expect(softmax(1)).not.toBe(softmax(0));
});

it('shares small constants by content, and keeps 0 and −0 apart', () => {
  const graph = new Graph();
  const constant = (value: number) => graph.constant('float32', [], Float32Array.of(value));
  expect(constant(1)).toBe(constant(1));
  expect(constant(0)).not.toBe(constant(-0));
  expect(graph.constant('int32', [], Int32Array.of(0))).not.toBe(constant(0));
});

it('knows which operator made a value', () => {
  const graph = new Graph();
  const x = graph.input('x', pair);
  expect(producer(node('Neg', [x], pair), 'Neg')?.inputs).toEqual([x]);
  expect(producer(x, 'Neg')).toBeUndefined();
});

it('wants an input to take the graph from', () => {
  expect(() => node('Add', [], pair)).toThrow('Add: expected at least one input');
});
