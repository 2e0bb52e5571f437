import * as tf from '@tensorflow/tfjs';

import { chanceLoss } from './chance-loss.ts';
import { clipLoss } from './clip-loss.ts';
import { siglipLoss } from './siglip-loss.ts';

const nothing = tf.zeros<tf.Rank.R2>([8, 2]);

it('is what InfoNCE gives where all logits are equal', () => {
  expect(clipLoss(nothing, nothing, tf.scalar(1)).dataSync()).toBeAllClose([chanceLoss({ name: 'clip' }, 8)]);
});

it('is the least that the sigmoid loss gives to equal logits', () => {
  const at = (logit: number): number =>
    siglipLoss(nothing, nothing, tf.scalar(1), tf.scalar(logit)).dataSync()[0] ?? NaN;
  const best = Math.log(1 / 7); // sigmoid 1/8: one match in eight
  expect(at(best)).toBeCloseTo(chanceLoss({ name: 'siglip' }, 8), 5);
  expect(at(best + 0.1)).toBeGreaterThan(at(best));
  expect(at(best - 0.1)).toBeGreaterThan(at(best));
});
