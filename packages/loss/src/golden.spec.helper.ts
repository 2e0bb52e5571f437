import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import * as tf from '@tensorflow/tfjs';

const path = resolve(__dirname, '../../../../shared/golden/losses-optimizer.json');

/** What open_clip computed for one loss at one scale. */
export interface GoldenLoss {
  readonly loss: number;
  readonly grad_images: number[][];
  readonly grad_texts: number[][];
  readonly grad_scale: number;
}

type GoldenFile = Readonly<Record<string, GoldenLoss>> & { readonly images: number[][]; readonly texts: number[][] };

/** Runs `body` with the golden file, or skips it, naming the file, where that is absent. */
export function itWithGolden(name: string, body: (golden: GoldenFile) => void): void {
  if (!existsSync(path)) {
    it.skip(`${name} (missing: ${path})`, () => undefined);
    return;
  }
  it(name, () => {
    body(JSON.parse(readFileSync(path, 'utf8')) as GoldenFile);
  });
}

/** Checks loss and gradients against the golden values of `key`: 1e-5 of the largest value. */
export function expectGolden(
  golden: GoldenFile,
  key: string,
  loss: (images: tf.Tensor2D, texts: tf.Tensor2D, scale: tf.Scalar) => tf.Scalar,
): void {
  const expected = golden[key] as GoldenLoss;
  const scale = tf.scalar(Number(key.split('@')[1]));
  const { value, grads } = tf.valueAndGrads((...[i, t, s]: tf.Tensor[]) =>
    loss(i as tf.Tensor2D, t as tf.Tensor2D, s as tf.Scalar),
  )([tf.tensor2d(golden.images), tf.tensor2d(golden.texts), scale]);
  expectClose([...value.dataSync()], [expected.loss]);
  expectClose([...(grads[0] as tf.Tensor).dataSync()], expected.grad_images.flat());
  expectClose([...(grads[1] as tf.Tensor).dataSync()], expected.grad_texts.flat());
  expect([...(grads[2] as tf.Tensor).dataSync()]).toBeAllClose([expected.grad_scale], 2e-5);
}

function expectClose(actual: number[], expected: number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(actual).toBeAllClose(expected, 1e-5 * largest);
}
