import * as tf from '@tensorflow/tfjs';

import { leakedTensors } from './finite-differences.spec.helper.ts';
import { clampLogScale, initialLogScale, logitScale } from './temperature.ts';

it('starts at 1 / 0.07 and never exceeds 100', () => {
  expect(logitScale(tf.scalar(initialLogScale)).dataSync()).toBeAllClose([1 / 0.07], 1e-4);
  expect(logitScale(tf.scalar(9)).dataSync()).toBeAllClose([100], 1e-3);
});

it('still learns at the bound and not beyond it', () => {
  const slope = (x: number): number =>
    tf
      .grad((y) => logitScale(y as tf.Scalar))(tf.scalar(x))
      .dataSync()[0] ?? NaN;
  const bound = clampLogScale(tf.scalar(9)).dataSync()[0] ?? NaN;
  expect(slope(bound)).toBeCloseTo(100, 2); // d e^x = e^x
  expect(slope(9)).toBe(0);
});

it('leaves no tensor behind', () => {
  const logScale = tf.scalar(1);
  expect(leakedTensors(() => logitScale(logScale))).toBe(0);
  expect(leakedTensors(() => clampLogScale(logScale))).toBe(0);
});
