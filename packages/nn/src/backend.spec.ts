import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InputError } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { useBackend } from './backend.ts';

it('starts the embedded backend and says why', async () => {
  expect(await useBackend('onnxruntime')).toEqual({
    backend: 'onnxruntime',
    device: 'processor',
    accelerated: false,
    reason: 'the configuration names it',
  });
  expect(tf.getBackend()).toBe('onnxruntime');
  expect(tf.add(1, 2).dataSync()).toBeAllClose([3]);
});

it('starts the reference backend', async () => {
  await useBackend('cpu');
  expect(tf.getBackend()).toBe('cpu');
});

it('loads the native binding where it is installed, else says what to run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  const binding: string = '@tensorflow/tfjs-node';
  const installed = await import(binding).then(
    () => true,
    () => false,
  );
  const choice = useBackend('tensorflow', { nativeFolder: folder }).then(
    ({ backend }) => backend,
    (error: unknown) => (error instanceof InputError ? error.message : String(error)),
  );
  expect(await choice).toMatch(
    installed ? /^tensorflow$/u : /"tensorflow" does not load: .*none is installed.*run tools\/native/u,
  );
  await rm(folder, { recursive: true });
});
