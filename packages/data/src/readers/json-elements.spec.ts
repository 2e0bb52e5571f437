import { join } from 'node:path';
import { collect } from '@azclip/base';

import { folderOf } from '../testing.ts';
import { readJsonElements } from './json-elements.ts';

it('streams the elements of every array, across the borders of chunks', async () => {
  const long = Array.from({ length: 5000 }, (_, i) => ({ i, text: 'ə'.repeat(30) }));
  const folder = await folderOf({ 'x.json': JSON.stringify({ info: { a: 1 }, a: long, b: [1, [2]] }) });
  const found = await collect(readJsonElements(join(folder, 'x.json')));
  expect(found.filter(({ member }) => member === 'a').map(({ value }) => value)).toEqual(long);
  expect(found.filter(({ member }) => member === 'b').map(({ value }) => value)).toEqual([1, [2]]);
});

it.each(['', '{"a":[1,2', '{"a":[1,}]}', 'nonsense'])('refuses %j, naming the file', async (content) => {
  const path = join(await folderOf({ 'x.json': content }), 'x.json');
  await expect(collect(readJsonElements(path))).rejects.toThrow(`${path}: expected well-formed JSON`);
});
