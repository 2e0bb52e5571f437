import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';

import { onnxBackendName, registerOnnxBackend } from './eager-backend.ts';

beforeAll(async () => {
  registerOnnxBackend({ threads: 1 });
  await tf.setBackend(onnxBackendName);
});

/** 64 × 64 integers as floats, so that products are exact in any order. */
const matrix = (seed: number) =>
  tf.tensor2d(
    Float32Array.from({ length: 64 * 64 }, (_, i) => ((i * 7 + seed) % 5) - 2),
    [64, 64],
  );

it('multiplies large matrices as plain arithmetic does', () => {
  const [a, b] = [matrix(1), matrix(3)];
  const product = tf.matMul(a, b).arraySync() as number[][];
  const [rows, columns] = [a.arraySync(), b.arraySync()];
  const entry = rows[5]?.reduce((sum, value, k) => sum + value * (columns[k]?.[9] ?? 0), 0);
  expect(product[5]?.[9]).toBe(entry);
});

it('differentiates, and leaves nothing behind', () => {
  const [a, b] = [matrix(1), matrix(3)];
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.matMul(x, b)))(a); // each row: sums of the rows of b
    expect(gradient.slice([7, 0], [1, 64]).dataSync()).toBeAllClose(tf.sum(b, 1).dataSync());
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('takes integers that TF.js cast to floats without touching them', () => {
  const bits = tf.cast(tf.tensor2d(new Int32Array(64 * 64).fill(1), [64, 64], 'int32'), 'float32');
  expect(tf.matMul(bits, bits).dataSync()[0]).toBe(64);
});

it('computes strings and other types on the CPU', () => {
  expect(tf.concat([tf.tensor1d(['alma']), tf.tensor1d(['nar'])]).dataSync()).toEqual(['alma', 'nar']);
});

it('registers once', () => {
  const backend = tf.findBackend(onnxBackendName);
  registerOnnxBackend({ threads: 2 });
  expect(tf.findBackend(onnxBackendName)).toBe(backend);
});
