import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, type Random } from '@azclip/base';

import type { NamedTensor } from './dtype.ts';
import { SafetensorsError } from './header.ts';
import { readSafetensors, readSafetensorsHeader } from './read.ts';
import { writeSafetensors } from './write.ts';

/** One tensor of every type, as Python's safetensors 0.8.0 wrote it (torch 2.13). */
const python =
  'KAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJpZHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzRdLCJkYXRhX29mZnNl' +
  'dHMiOlswLDMyXX0sImQiOnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlszMiw0OF19LCJiLndlaWdodCI6eyJkdHlw' +
  'ZSI6IkYzMiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbNDgsNjRdfSwibm9uZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCw0XSwi' +
  'ZGF0YV9vZmZzZXRzIjpbNjQsNjRdfSwiaSI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbNjQsNjhdfSwiYnJhaW4i' +
  'OnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNjgsNzRdfSwiYSI6eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbNV0s' +
  'ImRhdGFfb2Zmc2V0cyI6Wzc0LDg0XX0sInUiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6Wzg0LDg2XX0sImZsYWci' +
  'OnsiZHR5cGUiOiJCT09MIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbODYsODldfX0gICAFAAAAAAAAAP//////////////fwAAAAAAAACA' +
  '/////wAAAAAAAOA/VVVVVVVV1T8AAIA/AAAgwAAAUEAAAAAABwAAAIA/ScBKcWYu/3sAgAEAAHwA/wEAAQ==';

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.safetensors');
  await writeFile(path, bytes);
  return path;
}

/** Bytes of a file with this header and `dataBytes` zeros. */
function bytesOf(header: string, dataBytes: number, length = Buffer.byteLength(header)): Uint8Array {
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([lead, Buffer.from(header), Buffer.alloc(dataBytes)]);
}

async function collect(path: string): Promise<Record<string, NamedTensor>> {
  const all: Record<string, NamedTensor> = {};
  for await (const tensor of readSafetensors(path)) all[tensor.name] = tensor;
  return all;
}

it('reads every stored type as Python wrote it', async () => {
  const path = await fileOf(Buffer.from(python, 'base64'));
  const tensors = await collect(path);
  expect((await readSafetensorsHeader(path)).metadata).toEqual({ format: 'pt' });
  expect(tensors['b.weight']).toMatchObject({
    dtype: 'float32',
    shape: [2, 2],
    data: Float32Array.of(1, -2.5, 3.25, 0),
  });
  expect(tensors['a']?.data).toEqual(Float32Array.of(0.0999755859375, 65504, -0, 2 ** -24, Infinity));
  expect(tensors['brain']?.data).toEqual(Float32Array.of(1, -3.140625, 1.0002555517120454e30));
  expect(tensors['ids']).toMatchObject({ dtype: 'int32', data: Int32Array.of(5, -1, 2 ** 31 - 1, -(2 ** 31)) });
  expect(tensors['flag']).toMatchObject({ dtype: 'bool', data: Uint8Array.of(1, 0, 1) });
  expect(tensors['u']?.data).toEqual(Int32Array.of(0, 255));
  expect(tensors['i']).toMatchObject({ shape: [], data: Int32Array.of(7) });
  expect(tensors['d']?.data).toEqual(Float32Array.of(0.5, 1 / 3));
  expect(tensors['none']).toMatchObject({ shape: [0, 4], data: new Float32Array(0) });
});

it('passes over what is not wanted', async () => {
  const names: string[] = [];
  const stream = readSafetensors(await fileOf(Buffer.from(python, 'base64')), ({ name }) => name.startsWith('b'));
  for await (const { name } of stream) names.push(name);
  expect(names).toEqual(['b.weight', 'brain']);
});

describe('refuses, naming file and key,', () => {
  const f32 = (shape: number[], begin: number, end: number): string =>
    JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] });
  it.each([
    [
      'a header longer than the file',
      bytesOf('{}', 0, 2 ** 40),
      'expected a header of at most 2 bytes, got 1099511627776',
    ],
    ['a file of a few bytes', Uint8Array.of(1, 2), 'expected a safetensors file, got 2 bytes'],
    ['what is no JSON', bytesOf('nonsense', 0), 'expected a JSON header'],
    ['a JSON array', bytesOf('[]', 0), 'expected a JSON object'],
    ['an unknown type', bytesOf('{"w":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}', 1), '"w": dtype:'],
    ['a negative size', bytesOf(`{"w":${f32([-1], 0, 4)}}`, 4), '"w": shape.0:'],
    [
      'bytes that do not fit the shape',
      bytesOf(`{"w":${f32([2, 2], 0, 12)}}`, 12),
      '"w": expected 16 bytes for F32 [2, 2]',
    ],
    ['an absurd shape', bytesOf(`{"w":${f32([2 ** 40, 2 ** 40], 0, 4)}}`, 4), '"w": expected'],
    ['tensors that overlap', bytesOf(`{"a":${f32([2], 0, 8)},"b":${f32([2], 4, 12)}}`, 12), '"b" overlaps'],
    ['a gap', bytesOf(`{"a":${f32([1], 0, 4)},"b":${f32([1], 8, 12)}}`, 12), '"b" leaves a gap'],
    ['a cut file', bytesOf(`{"a":${f32([4], 0, 16)}}`, 15), 'bytes by its header, got'],
    ['metadata that is no text', bytesOf('{"__metadata__":{"x":1}}', 0), '"__metadata__": x:'],
  ])('%s', async (_, bytes, message) => {
    const path = await fileOf(bytes);
    const reading = collect(path);
    await expect(reading).rejects.toThrow(SafetensorsError);
    await expect(reading).rejects.toThrow(path);
    await expect(reading).rejects.toThrow(message);
  });

  it('a 64-bit integer outside 32 bits', async () => {
    const bytes = bytesOf('{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}', 8);
    bytes[bytes.length - 1] = 1;
    await expect(collect(await fileOf(bytes))).rejects.toThrow('"n": entry 0 does not fit 32 bits');
  });

  it('a file that is not there', async () => {
    await expect(collect('/nowhere/x.safetensors')).rejects.toThrow('/nowhere/x.safetensors: expected a readable file');
  });
});

/** Breaks one to three bytes, or cuts the tail, or puts another digit for a digit of the header. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
  const kind = random.integer(3);
  if (kind === 0) return original.slice(0, random.integer(original.length));
  const bytes = original.slice();
  for (let n = 0; n <= random.integer(3); n++) {
    const at = random.integer(kind === 1 ? original.length : 560);
    const isDigit = (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39;
    if (kind === 1 || isDigit) bytes[at] = kind === 1 ? random.integer(256) : 0x30 + random.integer(10);
  }
  return bytes;
}

it('reads a damaged file as a consistent one or refuses it, whatever the damage', async () => {
  const original = new Uint8Array(Buffer.from(python, 'base64'));
  const path = await fileOf(original);
  let refused = 0;
  for (let seed = 0; seed < 400; seed++) {
    await writeFile(path, mutate(original, createRandom(seed)));
    try {
      for (const { shape, data } of Object.values(await collect(path))) {
        expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      }
    } catch (error) {
      expect(error).toBeInstanceOf(SafetensorsError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(200);
});

it('holds little beside the tensors it gave: less than 1.2 of the largest', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.safetensors');
  const length = 2 ** 21;
  const tensors = ['a', 'b', 'c'].map((name) => ({
    name,
    dtype: 'float32' as const,
    shape: [length],
    data: () => new Float32Array(length),
  }));
  await writeSafetensors(path, tensors);
  const before = process.memoryUsage().arrayBuffers;
  const held = Object.values(await collect(path));
  const beside = process.memoryUsage().arrayBuffers - before - held.length * length * 4;
  expect(beside).toBeLessThan(0.2 * length * 4);
});
