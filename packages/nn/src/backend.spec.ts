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

it('loads the native binding where it is installed, else says what to install', async () => {
  const binding: string = '@tensorflow/tfjs-node';
  const installed = await import(binding).then(
    () => true,
    () => false,
  );
  const choice = useBackend('tensorflow').then(
    ({ backend }) => backend,
    (error: unknown) => (error as Error).message,
  );
  expect(await choice).toMatch(
    installed ? /^tensorflow$/u : /expected @tensorflow\/tfjs-node-gpu or @tensorflow\/tfjs-node/u,
  );
});
