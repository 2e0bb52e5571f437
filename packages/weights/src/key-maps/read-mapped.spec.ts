import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NamedTensor } from '../safetensors/dtype.ts';
import { writeSafetensors } from '../safetensors/write.ts';

import { convKeys, fusedLinearKeys, type KeyMap, linearKeys, sameKey } from './key-map.ts';
import type { TargetShapes } from './match-keys.ts';
import { readMapped } from './read-mapped.ts';

/** 0, 1, 2 … in the given shape. */
const counting = (name: string, shape: readonly number[]): NamedTensor => ({
  name,
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

async function mapped(
  tensors: NamedTensor[],
  rules: KeyMap['rules'],
  targets: TargetShapes,
): Promise<Map<string, NamedTensor>> {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.safetensors');
  await writeSafetensors(path, tensors);
  const result = new Map<string, NamedTensor>();
  for await (const tensor of readMapped(path, { name: 'test', rules }, targets)) result.set(tensor.name, tensor);
  return result;
}

it('turns [out, in] into [in, out]', async () => {
  const read = await mapped([counting('fc.weight', [2, 3])], linearKeys('fc', 'map'), { 'map.weight': [3, 2] });
  expect(read.get('map.weight')).toMatchObject({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
});

it('turns OIHW into HWIO', async () => {
  const read = await mapped([counting('c.weight', [2, 3, 1, 2])], convKeys('c', 'conv'), {
    'conv.filter': [1, 2, 3, 2],
  });
  // ours at (h, w, i, o) is stored at o · 6 + i · 2 + w
  expect(read.get('conv.filter')?.data).toEqual(Float32Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11));
});

it('turns a depthwise filter into [h, w, channels, 1]', async () => {
  const rules = convKeys('c', 'dw', { layout: 'depthwise' });
  const read = await mapped([counting('c.weight', [3, 1, 1, 2])], rules, { 'dw.filter': [1, 2, 3, 1] });
  expect(read.get('dw.filter')?.data).toEqual(Float32Array.of(0, 2, 4, 1, 3, 5)); // c · 2 + w
});

it('takes query, key and value out of one stored map, and reshapes what differs by axes of size 1', async () => {
  const rules = [...fusedLinearKeys('in.weight', 'in.bias', ['query', 'key', 'value']), sameKey('gamma', 'scale')];
  const tensors = [counting('in.weight', [6, 2]), counting('in.bias', [6]), counting('gamma', [2, 1, 1])];
  const targets = { 'query.bias': [2], 'key.weight': [2, 2], 'value.weight': [2, 2], 'value.bias': [2], scale: [2] };
  const read = await mapped(tensors, rules, targets);
  expect(read.get('key.weight')?.data).toEqual(Float32Array.of(4, 6, 5, 7));
  expect(read.get('value.weight')?.data).toEqual(Float32Array.of(8, 10, 9, 11));
  expect(read.get('query.bias')?.data).toEqual(Float32Array.of(0, 1));
  expect(read.get('value.bias')?.data).toEqual(Float32Array.of(4, 5));
  expect(read.get('scale')).toMatchObject({ shape: [2], data: Float32Array.of(0, 1) });
});

it('names the file beside the keys that fail', async () => {
  await expect(mapped([counting('fc.weight', [2, 3])], linearKeys('fc', 'map'), { 'map.bias': [3] })).rejects.toThrow(
    /x\.safetensors: expected the weights of test, got 1 missing: map\.bias/u,
  );
});
