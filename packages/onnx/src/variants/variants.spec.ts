import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { exportOnnx } from '../export-onnx.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import { halveWeights, toHalf } from './halve-weights.ts';
import { quantizeInt8 } from './quantize-int8.ts';

const [vocabulary, width, out] = [200, 64, 48];
/** Numbers that look like weights, the same every time. */
const weights = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => ((Math.sin(12.9898 * i) * 43_758.5453) % 1) * 0.2,
  ),
});
const constants = {
  table: weights(vocabulary, width),
  first: weights(width, width),
  last: weights(width, out),
  bias: weights(out),
};

/** A table, three products with two matrices, and a bias. */
function tower(): Uint8Array {
  return exportOnnx(
    ({ ids }, { table, first, last, bias }) => {
      const rows = tf.gather(table as tf.Tensor2D, (ids as tf.Tensor2D).flatten());
      const hidden = tf.matMul(tf.relu(tf.matMul(rows, first as tf.Tensor2D)), first as tf.Tensor2D);
      return { features: tf.add(tf.matMul(hidden, last as tf.Tensor2D), bias as tf.Tensor1D) };
    },
    { ids: { dtype: 'int32', shape: ['batch', 3] } },
    constants,
  );
}

async function run(file: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(file);
  const { features } = await session.run({ ids: new Tensor('int32', Int32Array.of(0, 7, 199, 3, 3, 42), [2, 3]) });
  await session.release();
  return features?.data as Float32Array;
}

const cosine = (a: Float32Array, b: Float32Array): number => {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('quantizeInt8', () => {
  it('gives a quarter of the size and nearly the same features', async () => {
    const file = tower();
    const small = quantizeInt8(file);
    expect(small.length).toBeLessThan(0.4 * file.length); // scales and nodes of a small graph weigh more than of a large
    expect(cosine(await run(small), await run(file))).toBeGreaterThan(0.999);
  });

  it('does not saturate where all weights and activations are as large as they get', async () => {
    const ones = { table: { ...weights(4, 512), data: new Float32Array(4 * 512).fill(1) }, last: weights(512, 16) };
    ones.last.data.fill(1);
    const file = exportOnnx(
      ({ ids }, { table, last }) => ({
        features: tf.matMul(tf.gather(table as tf.Tensor2D, (ids as tf.Tensor2D).flatten()), last as tf.Tensor2D),
      }),
      { ids: { dtype: 'int32', shape: ['batch', 3] } },
      ones,
    );
    const session = await InferenceSession.create(quantizeInt8(file));
    const { features } = await session.run({ ids: new Tensor('int32', Int32Array.of(0, 1, 2), [1, 3]) });
    expect(features?.data).toBeAllClose(new Float32Array(48).fill(512), 0.01); // 512 · 1 · 1
    await session.release();
  });
});

describe('halveWeights', () => {
  it('gives half of the size and the features of rounded weights', async () => {
    const file = tower();
    const half = halveWeights(file);
    expect(half.length).toBeLessThan(0.6 * file.length);
    const [ours, whole] = [await run(half), await run(file)];
    expect(cosine(ours, whole)).toBeGreaterThan(0.999999);
    expect(ours).not.toEqual(whole);
  });

  it.each([
    ['1', 1, 0x3c00],
    ['−2', -2, 0xc000],
    ['the largest', 65_504, 0x7bff],
    ['beyond the largest', 1e6, 0x7bff],
    ['the smallest normal', 2 ** -14, 0x0400],
    ['the smallest', 2 ** -24, 0x0001],
    ['half of the smallest: the even neighbour, 0', 2 ** -25, 0x0000],
    ['1 + 2⁻¹¹: the even neighbour, 1', 1 + 2 ** -11, 0x3c00],
    ['1 + 3 · 2⁻¹¹: the even neighbour, 1 + 2⁻⁹', 1 + 3 * 2 ** -11, 0x3c02],
    ['2 − 2⁻¹²: a carry into the exponent', 2 - 2 ** -12, 0x4000],
    ['−0', -0, 0x8000],
    ['∞', Infinity, 0x7c00],
    ['no number', NaN, 0x7e00],
  ])('rounds %s', (_, value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });
});
