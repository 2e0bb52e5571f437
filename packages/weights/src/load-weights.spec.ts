import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LoopbackHub, startHub } from './hub/loopback-hub.spec.helper.ts';
import { type KeyMap, linearKeys } from './key-maps/key-map.ts';
import { loadWeights } from './load-weights.ts';
import { resolveWeights } from './resolve-weights.ts';
import { writeSafetensors } from './safetensors/write.ts';

const map: KeyMap = { name: 'a linear map', rules: linearKeys('fc', 'head') };
const targets = { 'head.weight': [2, 1], 'head.bias': [1] };
const weight = { name: 'fc.weight', dtype: 'float32' as const, shape: [1, 2], data: Float32Array.of(1, 2) };
const bias = { name: 'fc.bias', dtype: 'float32' as const, shape: [1], data: Float32Array.of(3) };
const expected = { 'head.weight': Float32Array.of(1, 2), 'head.bias': Float32Array.of(3) };

let folder: string;
let hub: LoopbackHub | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
});

afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

async function load(spec: string): Promise<Record<string, unknown>> {
  const options = { hub: { cacheDir: join(folder, 'cache'), retryDelayMs: 1, ...(hub ? { hubUrl: hub.url } : {}) } };
  const values: Record<string, unknown> = {};
  for await (const { name, data } of loadWeights(spec, map, targets, options)) values[name] = data;
  return values;
}

it('loads a file, a folder, and the parts of one', async () => {
  const file = join(folder, 'model.safetensors');
  await writeSafetensors(file, [weight, bias]);
  expect(await load(file)).toEqual(expected);
  expect(await load(folder)).toEqual(expected);
  const parts = join(folder, 'parts');
  await writeSafetensors(join(parts, 'model-00001-of-00002.safetensors'), [weight]);
  await expect(load(parts)).rejects.toThrow('got 1 missing: head.bias');
  await writeSafetensors(join(parts, 'model-00002-of-00002.safetensors'), [bias]);
  expect(await load(parts)).toEqual(expected);
});

it('loads from the hub, with the small files beside the weights', async () => {
  await writeSafetensors(join(folder, 'x.safetensors'), [weight, bias]);
  const bytes = new Uint8Array(await readFile(join(folder, 'x.safetensors')));
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  hub = await startHub({ 'model.safetensors': bytes, 'config.json': text('{}'), 'pytorch_model.bin': text('pickle') });
  expect(await load('org/model')).toEqual(expected);
  const location = await resolveWeights('org/model', { cacheDir: join(folder, 'cache'), hubUrl: hub.url });
  expect(await readFile(join(location.folder, 'config.json'), 'utf8')).toBe('{}');
  expect(hub.log.some((line) => line.includes('pytorch_model.bin'))).toBe(false);
});

it('says what it cannot read', async () => {
  await expect(load('./nowhere')).rejects.toThrow('weights: expected a file, a folder or a hub id');
  hub = await startHub({});
  await expect(load('runs/none')).rejects.toThrow(
    'weights: no file or folder "runs/none"; on the hub: runs/none@main: no such',
  );
  await mkdir(join(folder, 'pickles'));
  await writeFile(join(folder, 'pickles', 'pytorch_model.bin'), '');
  await expect(load(join(folder, 'pickles'))).rejects.toThrow('pytorch_model.bin is a pickle, which is not read');
});
