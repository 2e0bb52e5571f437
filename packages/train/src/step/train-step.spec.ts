import { useBackend } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { valueAndGradients } from './train-step.ts';

beforeAll(() => useBackend('cpu'));

it('gives a gradient by every tensor, zeros by one that the value does not depend on', () => {
  const { value, gradients } = valueAndGradients(({ x }) => tf.sum<tf.Scalar>(tf.square(x as tf.Tensor)), {
    x: tf.tensor1d([1, -2]),
    idle: tf.tensor2d([[7], [8]]),
  });
  expect(value.dataSync()).toEqual(Float32Array.of(5));
  expect(gradients['x']?.dataSync()).toEqual(Float32Array.of(2, -4));
  expect(gradients['idle']?.arraySync()).toEqual([[0], [0]]);
});
