import { ShapeError } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { distillationLoss, unrelatedDistillationLoss } from './distillation-loss.ts';
import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';

const student = tf.tensor2d([
  [1, 2],
  [0, -1],
]);
const teacher = tf.tensor2d([
  [1, 0],
  [1, 1],
]);
const names = ['mse', 'cosine', 'both'] as const;
const cosineLoss = 1 - (1 / Math.sqrt(5) - 1 / Math.sqrt(2)) / 2; // of the two rows, by hand

it('is the mean squared distance of the rows', () => {
  const loss = distillationLoss('mse', student, teacher); // (0 + 4) and (1 + 4)
  expect(loss.dataSync()).toBeAllClose([4.5]);
});

it('is the mean of 1 − cosine, whatever the lengths', () => {
  expect(distillationLoss('cosine', student, teacher).dataSync()).toBeAllClose([cosineLoss]);
  expect(distillationLoss('cosine', tf.mul(student, 7), teacher).dataSync()).toBeAllClose([cosineLoss]);
});

it('takes half the distance and the direction together', () => {
  expect(distillationLoss('both', student, teacher).dataSync()).toBeAllClose([4.5 / 2 + cosineLoss]);
});

it.each(names)('says what a student that knows nothing has (%s)', (name) => {
  const nothing = name === 'cosine' ? tf.tensor2d([[0, 3]]) : tf.zeros<tf.Rank.R2>([1, 2]); // a right angle; no length
  const loss = distillationLoss(name, nothing, tf.tensor2d([[1, 0]]));
  expect(loss.dataSync()).toBeAllClose([unrelatedDistillationLoss[name]]);
});

it.each(names)('is 0 at the teacher, and has the gradient of its values (%s)', (name) => {
  expect(distillationLoss(name, teacher, teacher).dataSync()).toBeAllClose([0]);
  const loss = (x: tf.Tensor): tf.Scalar => distillationLoss(name, x as tf.Tensor2D, teacher);
  expect(tf.grad(loss)(student).dataSync()).toBeAllClose(finiteDifferences(loss, student), 1e-3);
});

it('refuses features of another shape', () => {
  expect(() => distillationLoss('mse', student, tf.zeros([2, 3]))).toThrow(ShapeError);
});

it.each(names)('leaves no tensor behind (%s)', (name) => {
  expect(leakedTensors(() => distillationLoss(name, student, teacher))).toBe(0);
});
