import * as tf from '@tensorflow/tfjs';

import { useBackend } from './backend.ts';

it('starts the embedded backend and says why', async () => {
  expect(await useBackend('onnxruntime')).toEqual({ backend: 'onnxruntime', reason: 'the configuration names it' });
  expect(tf.getBackend()).toBe('onnxruntime');
  expect(tf.add(1, 2).dataSync()).toBeAllClose([3]);
});

it('starts the reference backend', async () => {
  await useBackend('cpu');
  expect(tf.getBackend()).toBe('cpu');
});

it('says what to install where the native binding is missing', async () => {
  const installed = await import('@tensorflow/tfjs-node' as string).then(() => true, () => false);
  if (installed) return expect((await useBackend('tensorflow')).backend).toBe('tensorflow');
  await expect(useBackend('tensorflow')).rejects.toThrow('expected @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node');
});
