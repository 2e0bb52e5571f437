import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { countParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { headParameters, none, textSideParameters } from './model-size.ts';

it("is the paper's Table 2: ResNet-50, multilingual BERT and two heads have 192,309,312 parameters", async () => {
  const before = tf.memory().numTensors;
  const tower = await createImageTower(imageTowerConfig.parse({ name: 'resnet50' }));
  const images = tf.tidy(() => countParams(tower.init(none)));
  const texts = textSideParameters();
  // maps with bias, and scale and bias of the norms
  expect(headParameters(2048)).toBe(2048 * 512 + 512 + 2 * 512);
  // pieces, places, segments, norm · 12 layers · pooler, and the head
  expect(texts).toBe((105_879 + 512 + 2 + 2) * 768 + 12 * 7_087_872 + 590_592 + 768 * 512 + 512 + 2 * 512);
  expect(images + headParameters(tower.featureDim) + texts).toBe(192_309_312);
  expect(tf.memory().numTensors).toBe(before);
});
