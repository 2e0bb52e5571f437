import * as tf from '@tensorflow/tfjs';
import proto from 'onnx-proto';

import { exportOnnx } from '../export-onnx.ts';
import { runtimeTensor, type HostTensor } from '../runtime/host-tensor.ts';
import { createSession } from '../runtime/session.ts';

const waves = (shape: readonly number[], seed: number): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + 1.7 * i)),
});

type Fn = (x: tf.Tensor, held: Record<string, tf.Tensor>) => tf.Tensor;

/** The operators of the exported function, and how far it is from the function on the CPU backend. */
function exported(fn: Fn, shape: readonly number[], constants: Readonly<Record<string, HostTensor>>) {
  const model = exportOnnx(
    (inputs, held) => ({ y: fn(inputs['x'] as tf.Tensor, held) }),
    { x: { dtype: 'float32', shape: ['batch', ...shape.slice(1)] } },
    constants,
  );
  const operators = (proto.onnx.ModelProto.decode(model).graph?.node ?? []).map(({ opType }) => opType ?? '');
  const session = createSession(model);
  const x = waves(shape, 0.3);
  const actual = session.run({ x: runtimeTensor(x) }, { y: null })['y']?.data as Float32Array;
  session.dispose();
  const tensors = Object.entries(constants).map(
    ([name, { data, shape: s }]) => [name, tf.tensor(data, [...s])] as const,
  );
  const expected = fn(tf.tensor(x.data, [...shape]), Object.fromEntries(tensors)).dataSync();
  return { operators, actual, expected };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false); // no advice on the console
});

const linear: Fn = (x, { weight, bias }) =>
  tf.add(tf.matMul(tf.reshape(x, [-1, 6]), weight as tf.Tensor), bias as tf.Tensor);

const layerNorm = (x: tf.Tensor, scale: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor => {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), bias);
};

/** As `@azclip/nn` has it, which this package does not know. */
const gelu = (x: tf.Tensor): tf.Tensor => {
  const argument = tf.div(x, Math.SQRT2);
  return tf.mul(tf.mul(argument, tf.add(tf.erf(argument), 1)), Math.SQRT1_2);
};

const hardSigmoid = (x: tf.Tensor): tf.Tensor => tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1);

const vectors = { weight: waves([6, 4], 1), bias: waves([4], 2), scale: waves([4], 3), shift: waves([4], 4) };

const cases: readonly { readonly name: string; readonly fn: Fn; readonly operators: readonly string[] }[] = [
  { name: 'a layer norm', fn: (x, { scale, shift }) => layerNorm(tf.slice(x, [0, 0], [-1, 4]), scale as tf.Tensor, shift as tf.Tensor, 0.01), operators: ['Slice', 'LayerNormalization'] }, // prettier-ignore
  { name: 'the exact gelu', fn: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)), operators: ['Gelu'] }, // prettier-ignore
  { name: 'the exact gelu with a gradient of its own', fn: (x) => gelu(x), operators: ['Gelu'] },
  { name: 'an affine map', fn: linear, operators: ['Gemm'] },
  { name: 'the hard sigmoid', fn: hardSigmoid, operators: ['HardSigmoid'] },
  { name: 'the hard swish', fn: (x) => tf.mul(x, tf.mul(tf.clipByValue(tf.add(x, 3), 0, 6), 1 / 6)), operators: ['HardSwish'] }, // prettier-ignore
];

it.each(cases)('writes $name as $operators', ({ fn, operators }) => {
  const result = exported(fn, [5, 6], vectors);
  expect(result.operators).toEqual(operators);
  expect(result.actual).toBeAllClose(result.expected, 1e-5);
});

it('takes the bias of a convolution into it', () => {
  const conv: Fn = (x, { filter, bias }) =>
    tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias as tf.Tensor);
  const constants = { filter: waves([3, 3, 2, 4], 1), bias: waves([4], 2) };
  const result = exported(conv, [2, 5, 5, 2], constants);
  expect(result.operators).not.toContain('Add');
  expect(result.actual).toBeAllClose(result.expected, 1e-5);
});

/** From the first of one to the last of another. */
const between = (operators: readonly string[], first: string, last: string): readonly string[] =>
  operators.slice(operators.indexOf(first), operators.lastIndexOf(last) + 1);

it('maps the channels of an image, scaled or not, by convolutions that share their planes', () => {
  const mapped = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
    const rows = tf.reshape(x, [-1, ...weight.shape.slice(0, 1)]);
    const result = tf.add(tf.matMul(rows, weight as tf.Tensor2D), bias);
    return tf.reshape(result, [-1, 3, 2, ...bias.shape]);
  };
  const block: Fn = (x, { up, hidden, down, bias, scale }) => {
    const wide = tf.relu(mapped(x, up as tf.Tensor, hidden as tf.Tensor));
    return tf.add(x, tf.mul(mapped(wide, down as tf.Tensor, bias as tf.Tensor), scale as tf.Tensor));
  };
  const constants = { up: waves([4, 8], 1), hidden: waves([8], 2), down: waves([8, 4], 3), bias: waves([4], 4), scale: waves([4], 5) }; // prettier-ignore
  const { operators, actual, expected } = exported(block, [5, 3, 2, 4], constants);
  expect(operators.filter((each) => each === 'Conv')).toHaveLength(2);
  expect(between(operators, 'Conv', 'Relu')).toEqual(['Conv', 'Relu']);
  expect(operators.filter((each) => each === 'Transpose')).toHaveLength(4); // x, y, and the two filters
  expect(operators.slice(operators.lastIndexOf('Conv'))).toEqual(['Conv', 'Transpose', 'Add']);
  expect(actual).toBeAllClose(expected, 1e-5);
});

it('maps the tokens of a sequence by a product and a sum', () => {
  const map: Fn = (x, { weight, bias }) => {
    const rows = tf.add(tf.matMul(tf.reshape(x, [-1, 6]), weight as tf.Tensor2D), bias as tf.Tensor);
    return tf.reshape(rows, [-1, 5, 2, 2]);
  };
  const { operators, actual, expected } = exported(map, [3, 5, 6], vectors);
  expect(operators).toEqual(['MatMul', 'Add', 'Reshape']);
  expect(actual).toBeAllClose(expected, 1e-5);
});

it('keeps the planes of two convolutions through a gate of each channel', () => {
  const gated: Fn = (x, { filter, weight, other }) => {
    const swish = (y: tf.Tensor): tf.Tensor => tf.mul(y, tf.mul(tf.clipByValue(tf.add(y, 3), 0, 6), 1 / 6));
    const y = swish(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'));
    const gates = hardSigmoid(tf.matMul(tf.mean(y, [1, 2]), weight as tf.Tensor2D));
    return tf.conv2d(tf.mul<tf.Tensor4D>(y, tf.reshape(gates, [-1, 1, 1, 4])), other as tf.Tensor4D, 1, 'same');
  };
  const constants = { filter: waves([3, 3, 2, 4], 1), weight: waves([4, 4], 2), other: waves([1, 1, 4, 3], 3) };
  const { operators, actual, expected } = exported(gated, [3, 5, 4, 2], constants);
  expect(between(operators, 'HardSwish', 'Mul')).toEqual(['HardSwish', 'GlobalAveragePool', 'Reshape', 'Gemm', 'HardSigmoid', 'Reshape', 'Reshape', 'Mul']); // prettier-ignore
  expect(actual).toBeAllClose(expected, 1e-5);
});

it('leaves what only looks alike', () => {
  const half: Fn = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, 0.7)), 1)); // not 1 / √2
  const perRow: Fn = (x, { weight, rows }) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), rows as tf.Tensor); // prettier-ignore
  expect(exported(half, [5, 6], {}).operators).toContain('Erf');
  const { operators, actual, expected } = exported(perRow, [5, 6], { weight: vectors.weight, rows: waves([1, 1], 5) });
  expect(operators).toContain('Add');
  expect(actual).toBeAllClose(expected, 1e-5);
});
