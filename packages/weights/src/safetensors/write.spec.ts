import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';

import type { NamedTensor } from './dtype.ts';
import { readSafetensors, readSafetensorsHeader } from './read.ts';
import { type TensorToWrite, writeSafetensors } from './write.ts';

const newFile = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.safetensors');

const tensors: TensorToWrite[] = [
  { name: 'flag', dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
  { name: 'layer.weight', dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -2.5, 3.25, 0) },
  { name: 'ids', dtype: 'int32', shape: [2], data: () => Int32Array.of(5, -1) },
  { name: 'bias', dtype: 'float32', shape: [1], data: () => Promise.resolve(Float32Array.of(0.5)) },
];

/** What Python's safetensors 0.8.0 writes for these tensors and the metadata {"format": "azclip"}. */
const python =
  'GAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJhemNsaXAifSwiYmlhcyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFf' +
  'b2Zmc2V0cyI6WzAsNF19LCJsYXllci53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsMl0sImRhdGFfb2Zmc2V0cyI6WzQsMjBdfSwi' +
  'aWRzIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjAsMjhdfSwiZmxhZyI6eyJkdHlwZSI6IkJPT0wiLCJzaGFw' +
  'ZSI6WzNdLCJkYXRhX29mZnNldHMiOlsyOCwzMV19fSAgICAgAAAAPwAAgD8AACDAAABQQAAAAAAFAAAA/////wEAAQ==';

it('gives byte for byte what Python gives', async () => {
  const path = await newFile();
  await writeSafetensors(path, tensors, { format: 'azclip' });
  expect((await readFile(path)).toString('base64')).toBe(python);
});

it('reads back what it wrote, whatever the shapes', async () => {
  const path = await newFile();
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(seed);
    const written = Array.from({ length: random.integer(6) }, (_, index): NamedTensor => {
      const shape = Array.from({ length: random.integer(4) }, () => random.integer(5));
      const size = shape.reduce((a, b) => a * b, 1);
      return {
        name: `t.${String(index)}`,
        dtype: 'float32',
        shape,
        data: Float32Array.from({ length: size }, () => random.normal()),
      };
    });
    await writeSafetensors(path, written, { seed: String(seed) });
    const read: NamedTensor[] = [];
    for await (const tensor of readSafetensors(path)) read.push(tensor);
    expect(read.sort((a, b) => a.name.localeCompare(b.name))).toEqual(written);
    expect((await readSafetensorsHeader(path)).metadata).toEqual({ seed: String(seed) });
  }
});

it('keeps the old file and leaves no litter when values do not fit or a name comes twice', async () => {
  const path = await newFile();
  await writeSafetensors(path, tensors);
  const old = await readFile(path);
  const wrong: TensorToWrite = { name: 'w', dtype: 'float32', shape: [3], data: Float32Array.of(1, 2) };
  await expect(writeSafetensors(path, [wrong])).rejects.toThrow('"w": expected float32 [3], got 2 values');
  await expect(writeSafetensors(path, [...tensors, ...tensors])).rejects.toThrow('"bias": expected a name of its own');
  expect(await readFile(path)).toEqual(old);
  expect(await readdir(join(path, '..'))).toEqual(['x.safetensors']);
});
