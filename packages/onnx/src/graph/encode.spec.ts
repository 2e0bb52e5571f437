import proto from 'onnx-proto';

import { encodeModel } from './encode.ts';
import { Graph, node } from './graph.ts';

const pair = { dtype: 'float32', shape: [2] } as const;

it('writes the nodes that the outputs need, under readable names', () => {
  const graph = new Graph();
  const x = graph.input('x', pair);
  const two = graph.constant('float32', [], Float32Array.of(2));
  node('Neg', [x], pair); // needed by nothing
  const doubled = node('Mul', [x, two], pair);
  const limited = node('Elu', [doubled], pair, { attributes: { alpha: { float: 1 } } });
  const model = encodeModel({ inputs: [{ name: 'x', ...pair }], outputs: [{ name: 'y', value: limited }] });
  const decoded = proto.onnx.ModelProto.decode(model);
  const encoded = decoded.graph;
  expect(decoded.toJSON()).toMatchObject({ irVersion: '10', opsetImport: [{ version: '21' }] });
  expect(encoded?.node?.map(({ opType, output }) => [opType, output])).toEqual([
    ['Mul', ['Mul_3']],
    ['Elu', ['y']],
  ]);
  expect(encoded?.node?.[1]?.attribute?.[0]).toMatchObject({ name: 'alpha', f: 1 });
  const [constant] = encoded?.initializer ?? [];
  expect(constant?.rawData).toEqual(Buffer.from(Float32Array.of(2).buffer));
});

it('declares symbolic axes by name', () => {
  const x = new Graph().input('x', pair);
  const value = node('Neg', [x], pair);
  const model = encodeModel({
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch'] }],
    outputs: [{ name: 'y', value }],
    outputShapes: { y: ['batch'] },
  });
  const { graph } = proto.onnx.ModelProto.decode(model);
  const names = [...(graph?.input ?? []), ...(graph?.output ?? [])].map(
    ({ type }) => type?.tensorType?.shape?.dim?.[0]?.dimParam,
  );
  expect(names).toEqual(['batch', 'batch']);
});
