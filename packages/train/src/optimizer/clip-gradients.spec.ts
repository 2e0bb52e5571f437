import * as tf from '@tensorflow/tfjs';

import { clipGradients, globalNorm } from './clip-gradients.ts';

const gradients = { a: tf.tensor1d([3, 0]), b: tf.tensor2d([[0], [4]]) }; // joint norm √(9 + 16) = 5

it('scales all gradients to the joint norm', () => {
  const { gradients: clipped, norm } = clipGradients(gradients, 1);
  expect(norm.dataSync()).toBeAllClose([5]);
  expect(clipped['a']?.dataSync()).toBeAllClose([0.6, 0]);
  expect(clipped['b']?.dataSync()).toBeAllClose([0, 0.8]);
});

it('leaves gradients within the bound as they are, zeros too', () => {
  expect(clipGradients(gradients, 6).gradients['b']?.dataSync()).toBeAllClose([0, 4], 0);
  expect(clipGradients({ z: tf.zeros([2]) }, 1).gradients['z']?.dataSync()).toBeAllClose([0, 0], 0);
});

it('has norm 0 without tensors', () => {
  expect(globalNorm({}).dataSync()).toBeAllClose([0], 0);
});

it('leaves nothing behind but its results', () => {
  const before = tf.memory().numTensors;
  tf.dispose(clipGradients(gradients, 1));
  expect(tf.memory().numTensors).toBe(before);
});
