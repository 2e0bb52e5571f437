import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeFileAtomic } from './write-file-atomic.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'azclip-'));

it('replaces the file and makes missing folders', async () => {
  const path = join(await newFolder(), 'a', 'b.txt');
  await writeFileAtomic(path, 'old');
  await writeFileAtomic(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
});

it('keeps the old content and leaves no litter when the content fails midway', async () => {
  const folder = await newFolder();
  const path = join(folder, 'state.bin');
  await writeFileAtomic(path, 'old');
  const failing = (async function* () {
    yield await Promise.resolve(new Uint8Array(10));
    throw new Error('disk full');
  })();
  await expect(writeFileAtomic(path, failing)).rejects.toThrow('disk full');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['state.bin']);
});
