import { liveNodes } from './encode.ts';
import { Graph, node, producer, type Value } from './graph.ts';
import { rewrite, type Rule } from './rewrite.ts';

const pair = { dtype: 'float32', shape: [2] } as const;

const twiceNegated: Rule = (value, rewritten) => {
  const inner = producer(value, 'Neg')?.inputs[0];
  const x = inner && producer(inner, 'Neg')?.inputs[0];
  return x && rewritten(x);
};

function traced(): { readonly x: Value; readonly y: Value } {
  const graph = new Graph();
  const x = graph.input('x', pair);
  const twice = node('Neg', [node('Neg', [x], pair)], pair);
  return { x, y: node('Add', [twice, graph.constant('float32', [], Float32Array.of(3))], pair) };
}

it('writes by rules, copies the rest, and leaves behind what nothing needs', () => {
  const { x, y } = traced();
  const rewritten = rewrite([y], [twiceNegated]);
  const [sum, ...others] = liveNodes([rewritten(y)]);
  expect(others).toEqual([]);
  expect(sum?.operator).toBe('Add');
  expect(sum?.inputs[0]).toBe(rewritten(x));
  expect(rewritten(x).source).toEqual({ kind: 'input', name: 'x' });
  expect(sum?.inputs[1]?.source).toMatchObject({ kind: 'constant', data: Float32Array.of(3) });
});

it('makes a graph of its own', () => {
  const { y } = traced();
  expect(rewrite([y], [])(y).graph).not.toBe(y.graph);
});

it('copies operators with several outputs without asking the rules', () => {
  const graph = new Graph();
  const x = graph.input('x', pair);
  const half = { dtype: 'float32', shape: [1] } as const;
  const [first, second] = graph.apply('Split', [x], [half, half], { attributes: { axis: 0 } }) as [Value, Value];
  const asked = jest.fn<undefined, [Value]>(() => undefined);
  const rewritten = rewrite([first, second], [asked]);
  expect(asked).not.toHaveBeenCalled();
  expect([first, second].map((part) => producer(rewritten(part), 'Split')?.outputs.indexOf(rewritten(part)))).toEqual([
    0, 1,
  ]);
});

it('knows no value that has not been made', () => {
  const { y } = traced();
  const stranger = node('Neg', [y], pair);
  expect(() => rewrite([y], [])(stranger)).toThrow('Neg: expected operands before their operator');
});
