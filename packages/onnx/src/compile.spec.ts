import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';

import { compile } from './compile.ts';
import { TracedReadError, UnmappedKernelError } from './errors.ts';

const x = { dtype: 'float32', shape: [2], data: Float32Array.of(3, -4) } as const;
const options = { threads: 1 };

beforeAll(async () => {
  await tf.setBackend('cpu');
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false); // no advice on the console
});

it('names a kernel that has no mapping', async () => {
  const tensors = tf.memory().numTensors;
  const compiled = compile((inputs) => ({ y: tf.bincount(tf.cast(inputs.x as tf.Tensor1D, 'int32'), [], 3) }), options);
  await expect(compiled.run({ x })).rejects.toThrow(UnmappedKernelError);
  await expect(compiled.run({ x })).rejects.toMatchObject({ kernelName: 'Bincount' });
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(tensors);
});

it('computes kernels without a mapping where only constants go in', async () => {
  const compiled = compile((inputs) => {
    const counts = tf.bincount(tf.tensor1d([1, 1, 0], 'int32'), tf.tensor1d([]), 2);
    return { y: tf.add(inputs.x as tf.Tensor, counts) };
  }, options);
  expect((await compiled.run({ x })).y?.data).toBeAllClose([4, -2]);
  compiled.dispose();
});

it('refuses to read a traced value', async () => {
  const compiled = compile((inputs) => ({ y: tf.scalar((inputs.x as tf.Tensor).dataSync()[0] ?? 0) }), options);
  await expect(compiled.run({ x })).rejects.toThrow(TracedReadError);
  expect(tf.getBackend()).toBe('cpu');
});

it('takes tensors of other backends in as constants, and leaves them usable', async () => {
  const weight = tf.tensor1d([10, 100]);
  const compiled = compile((inputs) => ({ y: tf.mul(inputs.x as tf.Tensor, weight) }), options);
  expect((await compiled.run({ x })).y?.data).toBeAllClose([30, -400]);
  expect(tf.add(weight, 1).dataSync()).toBeAllClose([11, 101]);
  compiled.dispose();
  weight.dispose();
});

it('gives inputs and constants back as outputs', async () => {
  const compiled = compile(
    (inputs) => ({
      same: inputs.x as tf.Tensor,
      again: inputs.x as tf.Tensor,
      seven: tf.scalar(7),
      none: tf.zeros([0]),
    }),
    options,
  );
  const outputs = await compiled.run({ x });
  expect([outputs.same, outputs.again, outputs.seven].map((output) => [...(output?.data ?? [])])).toEqual([[3, -4], [3, -4], [7]]); // prettier-ignore
  expect(outputs.none?.shape).toEqual([0]);
  expect(outputs.same?.data).not.toBe(x.data);
  compiled.dispose();
});

it('runs without inputs', async () => {
  const compiled = compile(() => ({ y: tf.add(1, 2) }), options);
  expect((await compiled.run({})).y?.data).toBeAllClose([3]);
  compiled.dispose();
});

it('traces a Keras model', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        inputShape: [6, 6, 2],
      }),
      tf.layers.batchNormalization(),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  const images = {
    dtype: 'float32',
    shape: [2, 6, 6, 2],
    data: Float32Array.from({ length: 144 }, (_, i) => Math.sin(i)),
  } as const;
  const expected = tf.tidy(() => (model.predict(tf.tensor(images.data, [2, 6, 6, 2])) as tf.Tensor).dataSync());
  const compiled = compile(({ pixels }) => ({ scores: model.predict(pixels as tf.Tensor) as tf.Tensor }), options);
  expect((await compiled.run({ pixels: images })).scores?.data).toBeAllClose(expected);
  compiled.dispose();
  model.dispose();
});
