import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

import { InputError } from './input-error.ts';
import { readJsonLines, readLines } from './json-lines.ts';

const schema = z.object({ id: z.string() });

async function fileOf(content: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.jsonl');
  await writeFile(path, content);
  return path;
}

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

it('numbers lines from 1, whatever ends them, and drops the byte order mark', async () => {
  expect(await collect(readLines(await fileOf('\uFEFFa\r\nb\n')))).toEqual([
    { text: 'a', number: 1 },
    { text: 'b', number: 2 },
  ]);
});

it('reads records and passes over empty lines', async () => {
  expect(await collect(readJsonLines(await fileOf('{"id":"a"}\n\n{"id":"b"}\n'), schema))).toEqual([
    { id: 'a' },
    { id: 'b' },
  ]);
});

it('names file, line and key of a wrong record', async () => {
  const path = await fileOf('{"id":"a"}\n{"id":3}\n');
  await expect(collect(readJsonLines(path, schema))).rejects.toThrow(`${path}:2: id:`);
});

it('names file and line of what is not JSON, and a file that is not there', async () => {
  await expect(collect(readJsonLines(await fileOf('nonsense'), schema))).rejects.toThrow(InputError);
  await expect(collect(readLines('/nowhere/x'))).rejects.toThrow('/nowhere/x: expected a readable file, got ENOENT');
});
