import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import proto from 'onnx-proto';

import { exportOnnx, type ExportedFunction } from './export-onnx.ts';
import { IrreconcilableTraceError } from './export/reconcile.ts';
import type { HostTensor } from './runtime/host-tensor.ts';
import { runtimeTensor } from './runtime/host-tensor.ts';
import { createSession } from './runtime/session.ts';

const weights = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + shape.length)),
});

const [vocabulary, positions, dim, heads] = [20, 16, 6, 2];
const constants = {
  embedding: weights(vocabulary, dim),
  position: weights(positions, dim),
  query: weights(dim, dim),
  value: weights(dim, dim),
};

/** A layer of masked self-attention over embedded tokens, its masked mean, and numbers that depend on the sizes. */
const encode: ExportedFunction = (inputs, held) => {
  const { ids, mask } = inputs as { ids: tf.Tensor2D; mask: tf.Tensor2D };
  const { embedding, position, query, value } = held as Record<keyof typeof constants, tf.Tensor2D>;
  const [batch, tokens] = ids.shape;
  const split = (x: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(x, [batch, tokens, heads, dim / heads]), [0, 2, 1, 3]);
  const places = tf.gather(position, tf.range(0, tokens, 1, 'int32'));
  const x = tf.add(tf.add(tf.gather(embedding, ids), tf.slice(position, [0, 0], [tokens, dim])), places);
  const rows = tf.reshape(x, [-1, dim]);
  const scores = tf.matMul(split(tf.matMul(rows, query)), split(x), false, true);
  const bias = tf.mul(tf.sub(1, tf.reshape(mask, [batch, 1, 1, tokens])), -1e9);
  const attended = tf.matMul(tf.softmax(tf.add(scores, bias)), split(tf.matMul(rows, value)));
  const joined = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch, tokens, dim]);
  const mean = tf.div(tf.sum(tf.mul(joined, tf.expandDims(mask, 2)), 1), tf.sum(mask, 1, true));
  return {
    features: tf.div(mean, tf.norm(mean, 2, 1, true)),
    share: tf.mul(tf.ones([batch, tokens]), 1 / tokens),
    last: tf.slice(joined, [0, tokens - 1, 0], [batch, 1, dim]),
  };
};

const inputTypes = {
  ids: { dtype: 'int32', shape: ['batch', 'tokens'] },
  mask: { dtype: 'float32', shape: ['batch', 'tokens'] },
} as const;

const model = exportOnnx(encode, inputTypes, constants);

beforeAll(async () => {
  await tf.setBackend('cpu');
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false); // no advice on the console
});

it.each([
  [1, 1],
  [1, 7],
  [3, 2],
  [2, 16],
  [11, 5],
])('computes at batch %i and %i tokens what TF.js computes', (batch, tokens) => {
  // prettier-ignore
  const ids = Int32Array.from({ length: batch * tokens }, (_, i) => (7 * i) % vocabulary);
  const mask = Float32Array.from({ length: batch * tokens }, (_, i) => (i % tokens === 1 ? 0 : 1));
  const session = createSession(model, { threads: 1 });
  const shape = [batch, tokens];
  const results = session.run(
    {
      ids: runtimeTensor({ dtype: 'int32', shape, data: ids }),
      mask: runtimeTensor({ dtype: 'float32', shape, data: mask }),
    },
    { features: null, share: null, last: null },
  );
  session.dispose();
  const expected = tf.tidy(() => {
    const held = Object.entries(constants).map(([name, { data, shape: size }]) => [name, tf.tensor(data, [...size])]);
    const inputs = { ids: tf.tensor(ids, [batch, tokens], 'int32'), mask: tf.tensor(mask, [batch, tokens]) };
    const outputs = encode(inputs, Object.fromEntries(held) as Record<string, tf.Tensor>);
    return Object.entries(outputs).map(([name, tensor]) => [name, tensor.shape, tensor.dataSync()] as const);
  });
  for (const [name, dims, data] of expected) {
    expect(results[name]?.dims).toEqual(dims);
    expect(results[name]?.data).toBeAllClose(data);
  }
});

it('stores the weights under their names, symbolic axes, and standard operators of set 21 only', () => {
  const { graph, opsetImport } = proto.onnx.ModelProto.decode(model);
  const dims = graph?.input?.map(({ type }) => type?.tensorType?.shape?.dim?.map(({ dimParam }) => dimParam));
  expect(dims).toEqual([['batch', 'tokens'], ['batch', 'tokens']]); // prettier-ignore
  expect(graph?.initializer?.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(constants)));
  expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 21]]);
});

it('leaves no tensor behind', () => {
  const before = tf.memory().numTensors;
  exportOnnx(encode, inputTypes, constants);
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses a function that does something else for other sizes', () => {
  const fickle: ExportedFunction = ({ x }) => ({
    y: (x?.shape[0] ?? 0) % 4 === 1 ? tf.neg(x as tf.Tensor) : tf.abs(x as tf.Tensor),
  });
  expect(() => exportOnnx(fickle, { x: { dtype: 'float32', shape: ['batch'] } })).toThrow(IrreconcilableTraceError);
});

it('refuses constants whose entries follow no rule', () => {
  const table: ExportedFunction = ({ x }) => {
    const primes = Array.from({ length: x?.shape[0] ?? 0 }, (_, i) => (i * i * 7) % 11);
    return { y: tf.add(x as tf.Tensor, tf.tensor1d(primes)) };
  };
  expect(() => exportOnnx(table, { x: { dtype: 'float32', shape: ['batch'] } })).toThrow(
    'expected constants that do not depend on the symbolic axes',
  );
});

it('exports a function of fixed sizes', () => {
  const bytes = exportOnnx(({ x }) => ({ y: tf.square(x as tf.Tensor) }), { x: { dtype: 'float32', shape: [2] } });
  const session = createSession(bytes, { threads: 1 });
  const { y } = session.run(
    { x: runtimeTensor({ dtype: 'float32', shape: [2], data: Float32Array.of(3, 4) }) },
    { y: null },
  );
  session.dispose();
  expect(y?.data).toBeAllClose([9, 16]);
});
