import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readCrowdFlowerAnnotations, readExpertAnnotations } from './judgements.ts';

const fileOf = async (content: string): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'judgements.txt');
  await writeFile(path, content);
  return path;
};

it('reads one judgement an expert', async () => {
  const judgements = await readExpertAnnotations(await fileOf('a.jpg\tb.jpg#2\t1\t2\t4\n'));
  expect(judgements).toEqual([1, 2, 4].map((grade) => ({ imageId: 'a.jpg', captionId: 'b.jpg#2', grade })));
});

it('reads the share of the crowd', async () => {
  const judgements = await readCrowdFlowerAnnotations(await fileOf('a.jpg\ta.jpg#0\t0.25\t1\t3\n'));
  expect(judgements).toEqual([{ imageId: 'a.jpg', captionId: 'a.jpg#0', grade: 0.25 }]);
});

it.each([
  ['a grade out of range', 'a.jpg\tb.jpg#2\t1\t2\t5\n'],
  ['a grade missing', 'a.jpg\tb.jpg#2\t1\t2\n'],
  ['an empty field', 'a.jpg\tb.jpg#2\t1\t2\t\n'],
  ['no caption number', 'a.jpg\tb.jpg\t1\t2\t3\n'],
])('names file and line of %s', async (_, line) => {
  const path = await fileOf(`a.jpg\tb.jpg#1\t1\t1\t1\n${line}`);
  await expect(readExpertAnnotations(path)).rejects.toThrow(`${path}:2: expected image, caption and three grades`);
});
