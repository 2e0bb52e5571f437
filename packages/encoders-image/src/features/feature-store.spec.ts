import { InputError } from '@azclip/base';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FeatureStore } from './feature-store.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'azclip-'));

const key = (label: string): Buffer => createHash('sha256').update(label).digest();

const row = (first: number): Float32Array => Float32Array.from([first, first + 0.5]);

async function filled(folder: string, ...labels: string[]): Promise<void> {
  const store = await FeatureStore.open(folder, 2);
  for (const [i, label] of labels.entries()) store.put(key(label), row(i));
  await store.flush();
  await store.close();
}

async function onlyFile(folder: string): Promise<string> {
  return join(folder, (await readdir(folder))[0] ?? '');
}

it('gives back what was put, before and after it reached the disk, also to the next process', async () => {
  const folder = await newFolder();
  const store = await FeatureStore.open(folder, 2);
  store.put(key('b'), row(1));
  expect(await store.get(key('b'))).toEqual(row(1));
  await store.flush();
  store.put(key('a'), row(7));
  await store.flush();
  await store.close();
  const again = await FeatureStore.open(folder, 2);
  expect(again.size).toBe(2);
  expect(await again.get(key('b'))).toEqual(row(1));
  expect(await again.get(key('a'))).toEqual(row(7));
  expect(await again.get(key('c'))).toBeUndefined();
  await again.close();
});

it('passes over what a crash left behind', async () => {
  const folder = await newFolder();
  await filled(folder, 'a');
  await writeFile(join(folder, '0123.safetensors.ab12cd34.tmp'), 'half');
  expect((await FeatureStore.open(folder, 2)).size).toBe(1);
});

it('detects a changed byte of a row and names the file', async () => {
  const folder = await newFolder();
  await filled(folder, 'a', 'b');
  const path = await onlyFile(folder);
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const byte = Buffer.alloc(1);
  for (let at = size - 1; at >= 0; at -= 1) {
    await file.read(byte, 0, 1, at);
    if (byte[0] !== 0x3f) continue; // the exponent of 0.5
    await file.write(Buffer.from([0x3e]), 0, 1, at);
    break;
  }
  await file.close();
  const damaged = await FeatureStore.open(folder, 2);
  const rows = Promise.all([damaged.get(key('a')), damaged.get(key('b'))]);
  await expect(rows).rejects.toThrow(`${path}: expected features that fit their checksum`);
  await expect(rows).rejects.toBeInstanceOf(InputError);
  await damaged.close();
});

it('refuses a file that was cut short, and one of another width', async () => {
  const folder = await newFolder();
  await filled(folder, 'a', 'b');
  const path = await onlyFile(folder);
  await expect(FeatureStore.open(folder, 3)).rejects.toThrow(`${path}: expected features of [rows, 3], got [2, 2]`);
  await truncate(path, 40);
  await expect(FeatureStore.open(folder, 2)).rejects.toThrow(path);
});

it('refuses a row of another width', async () => {
  const store = await FeatureStore.open(await newFolder(), 2);
  expect(() => {
    store.put(key('a'), new Float32Array(3));
  }).toThrow('features: expected 2 numbers, got 3');
});
