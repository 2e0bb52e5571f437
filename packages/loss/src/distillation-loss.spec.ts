import { ShapeError } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { distillationLoss } from './distillation-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';

const student = tf.tensor2d([
  [1, 2],
  [0, -1],
]);
const teacher = tf.tensor2d([
  [1, 0],
  [1, 1],
]);
const names = ['mse', 'cosine'] as const;

it('is the mean squared difference of the entries', () => {
  const loss = distillationLoss({ name: 'mse' }, student, teacher); // (0 + 4 + 1 + 4) / 4
  expect(loss.dataSync()).toBeAllClose([2.25]);
});

it('is the mean of 1 − cosine, whatever the lengths', () => {
  const expected = 1 - (1 / Math.sqrt(5) - 1 / Math.sqrt(2)) / 2;
  expect(distillationLoss({ name: 'cosine' }, student, teacher).dataSync()).toBeAllClose([expected]);
  expect(distillationLoss({ name: 'cosine' }, tf.mul(student, 7), teacher).dataSync()).toBeAllClose([expected]);
});

it.each(names)('is 0 at the teacher, and has the gradient of its values (%s)', (name) => {
  expect(distillationLoss({ name }, teacher, teacher).dataSync()).toBeAllClose([0]);
  const loss = (x: tf.Tensor): tf.Scalar => distillationLoss({ name }, x as tf.Tensor2D, teacher);
  expect(tf.grad(loss)(student).dataSync()).toBeAllClose(finiteDifferences(loss, student), 1e-3);
});

it('refuses features of another shape', () => {
  expect(() => distillationLoss({ name: 'mse' }, student, tf.zeros([2, 3]))).toThrow(ShapeError);
});

it.each(names)('leaves no tensor behind (%s)', (name) => {
  expect(leakedTensors(() => distillationLoss({ name }, student, teacher))).toBe(0);
});
