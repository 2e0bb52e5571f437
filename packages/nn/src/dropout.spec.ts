import * as tf from '@tensorflow/tfjs';

import { dropPath, dropout } from './dropout.ts';
import { evaluation, type Mode } from './mode.ts';

/** Keeps every second entry, and notes what it was asked for. */
function everySecond(): { mode: Mode; asked: [readonly number[], number][] } {
  const asked: [readonly number[], number][] = [];
  const keepMask = (shape: readonly number[], keep: number): tf.Tensor => {
    asked.push([shape, keep]);
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Array.from({ length: size }, (_, i) => (i + 1) % 2),
      [...shape],
    );
  };
  return { mode: { training: true, keepMask, updateBuffer: () => undefined }, asked };
}

const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);

it('zeroes what the mask drops and scales the rest by 1 / keep', () => {
  const { mode, asked } = everySecond();
  expect(dropout(x, 0.75, mode).dataSync()).toBeAllClose([4, 0, 12, 0]);
  expect(asked).toEqual([[[2, 2], 0.25]]);
});

it('drops whole samples of a branch', () => {
  const { mode, asked } = everySecond();
  expect(dropPath(x, 0.5, mode).dataSync()).toBeAllClose([2, 4, 0, 0]);
  expect(asked).toEqual([[[2, 1], 0.5]]);
});

it('is the identity outside training and at rate 0', () => {
  expect(dropout(x, 0.5, evaluation)).toBe(x);
  expect(dropPath(x, 0.5, evaluation)).toBe(x);
  expect(dropout(x, 0, everySecond().mode)).toBe(x);
  expect(dropPath(x, 0, everySecond().mode)).toBe(x);
});

it('has the gradient that finite differences show', () => {
  const { mode } = everySecond();
  expect((h: tf.Tensor): tf.Scalar => tf.sum(tf.square(dropout(h, 0.5, mode)))).toHaveGradientAt([x]);
  expect((h: tf.Tensor): tf.Scalar => tf.sum(tf.square(dropPath(h, 0.5, mode)))).toHaveGradientAt([x]);
});

it('frees all but its result', () => {
  const { mode } = everySecond();
  const before = tf.memory().numTensors;
  dropout(x, 0.5, mode).dispose();
  dropPath(x, 0.5, mode).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
