import { compile } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { clipLoss } from './clip-loss.ts';
import { lossConfig } from './config.ts';
import { contrastiveLoss, initLossParams, matchSimilarity } from './contrastive-loss.ts';
import { leakedTensors } from './finite-differences.spec.helper.ts';

const names = ['clip', 'siglip', 'multi-positive', 'lowclip-as-written', 'lowclip-distance', 'lowclip-margin'] as const;

const images = Float32Array.of(0.6, -0.8, 0.28, 0.96, 1, 0);
const texts = Float32Array.of(0.8, 0.6, -0.6, 0.8, 0.96, 0.28);
const matches = Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1);

const inputs = {
  images: { dtype: 'float32', shape: [3, 2], data: images },
  texts: { dtype: 'float32', shape: [3, 2], data: texts },
  matches: { dtype: 'float32', shape: [3, 3], data: matches },
} as const;

type Named = Record<string, tf.Tensor>;

/** Loss and gradients by the config's name. */
const lossAndGradients =
  (name: (typeof names)[number]) =>
  (given: Named): Named =>
    tf.tidy(() => {
      const config = lossConfig.parse({ name });
      const { value, grads } = tf.valueAndGrads((i: tf.Tensor, t: tf.Tensor) =>
        contrastiveLoss(config, initLossParams(config), {
          images: i as tf.Tensor2D,
          texts: t as tf.Tensor2D,
          matches: given['matches'] as tf.Tensor2D,
        }),
      )([given['images'] as tf.Tensor, given['texts'] as tf.Tensor]);
      return { value, ofImages: grads[0] as tf.Tensor, ofTexts: grads[1] as tf.Tensor };
    });

it.each(names)('%s traces into a graph that gives the same loss and gradients', async (name) => {
  const compiled = compile(lossAndGradients(name));
  const outputs = await compiled.run(inputs);
  compiled.dispose();
  const eager = lossAndGradients(name)({
    images: tf.tensor2d(images, [3, 2]),
    texts: tf.tensor2d(texts, [3, 2]),
    matches: tf.tensor2d(matches, [3, 3]),
  });
  for (const [key, tensor] of Object.entries(eager)) {
    expect(outputs[key]?.data ?? []).toBeAllClose(tensor.dataSync(), 1e-4);
  }
});

it.each(names)('%s is finite, and leaves no tensor behind', (name) => {
  const config = lossConfig.parse({ name });
  const params = initLossParams(config);
  const batch = { images: tf.tensor2d(images, [3, 2]), texts: tf.tensor2d(texts, [3, 2]) };
  expect(contrastiveLoss(config, params, batch).dataSync()[0]).toEqual(expect.any(Number));
  expect(leakedTensors(() => contrastiveLoss(config, params, batch))).toBe(0);
});

it('is clip at 1 / 0.07 unless told', () => {
  const rows = tf.tensor2d(images, [3, 2]);
  const config = lossConfig.parse({ name: 'clip' });
  const expected = clipLoss(rows, rows, tf.scalar(1 / 0.07)).dataSync();
  expect(contrastiveLoss(config, initLossParams(config), { images: rows, texts: rows }).dataSync()).toBeAllClose(
    expected,
  );
});

it('says which losses need matches', () => {
  const needing = names.filter((name) => matchSimilarity(lossConfig.parse({ name })) !== undefined);
  expect(needing).toEqual(['multi-positive', 'lowclip-distance', 'lowclip-margin']);
});

it('starts siglip at scale 10 and bias −10', () => {
  const { logScale, logitBias } = initLossParams(lossConfig.parse({ name: 'siglip' }));
  expect(logScale.dataSync()).toBeAllClose([Math.log(10)]);
  expect(logitBias?.dataSync()).toBeAllClose([-10]);
});
