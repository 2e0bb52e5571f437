import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';

import type { Caption } from '../translator.ts';
import { captionsOf } from './caption-file.ts';
import { openCaptionFile } from './open-caption-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
});

interface Copy {
  readonly captions: readonly Caption[];
  readonly text: string;
}

/** Reads a file and writes it with every caption shouted; captions with a minus are left out. */
async function copy(name: string, content: string, options = {}): Promise<Copy> {
  const path = join(folder, name);
  await writeFile(path, content);
  const file = await openCaptionFile(path, options);
  const rows = await collect(file.rows());
  const shout = ({ text }: Caption): string | undefined => (text.includes('-') ? undefined : text.toUpperCase());
  const text = file.header + rows.map((row) => row.write(row.captions.map(shout))).join('');
  return { captions: await collect(captionsOf(file)), text };
}

it('reads and writes lines image#k, tab, caption', async () => {
  const { captions, text } = await copy('x.token.txt', 'a.jpg#0\tone .\na.jpg#1\t-\n\na.jpg#2\ttwo\n');
  expect(captions.map(({ id }) => id)).toEqual(['a.jpg#0', 'a.jpg#1', 'a.jpg#2']);
  expect(text).toBe('a.jpg#0\tONE .\na.jpg#2\tTWO\n');
});

it('reads and writes a caption a line', async () => {
  const { captions, text } = await copy('x.txt', 'one\ntwo\n');
  expect(captions).toEqual([
    { id: 'line 1', text: 'one' },
    { id: 'line 2', text: 'two' },
  ]);
  expect(text).toBe('ONE\nTWO\n');
});

it('reads and writes a manifest, whose images stay where they are', async () => {
  const record = { id: 'a', image: 'images/a.jpg', split: 'train', captions: ['one', '-', 'two'], hash: 'ff' };
  const gone = { ...record, id: 'b', captions: ['-'] };
  const { captions, text } = await copy('m.jsonl', `${JSON.stringify(record)}\n${JSON.stringify(gone)}\n`, {
    output: join(folder, 'az', 'm.jsonl'),
  });
  expect(captions.map(({ id }) => id)).toEqual(['a#0', 'a#1', 'a#2', 'b#0']);
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual({ ...record, image: '../images/a.jpg', captions: ['ONE', 'TWO'] });
});

it('reads and writes tables, quotes and line breaks included', async () => {
  const content = 'image,caption,source\na.jpg,"one, ""two""",x\nb.jpg,-,y\nc.jpg,"three\nfour",z\n';
  const { captions, text } = await copy('t.csv', content);
  expect(captions.map(({ text: caption }) => caption)).toEqual(['one, "two"', '-', 'three\nfour']);
  expect(text).toBe('image,caption,source\na.jpg,"ONE, ""TWO""",x\nc.jpg,"THREE\nFOUR",z\n');
  expect((await copy('t.tsv', 'name\ttext\na\tone\n', { captionColumn: 'text', imageColumn: 'name' })).text).toBe(
    'name\ttext\na\tONE\n',
  );
});

it('says what is wrong with a file', async () => {
  await expect(copy('t.csv', 'image,text\na,b\n')).rejects.toThrow('expected a column "caption", got image, text');
  await expect(copy('m.jsonl', '{"id":"a"}\n')).rejects.toThrow(
    'm.jsonl: record 1: expected captions or caption, got neither',
  );
  await expect(copy('m.jsonl', '{"captions":[1]}\n')).rejects.toThrow(/m\.jsonl:1: captions\.0/u);
  await expect(collect((await openCaptionFile(join(folder, 'no.txt'))).rows())).rejects.toThrow(
    'expected a readable file',
  );
  await expect(openCaptionFile(join(folder, 'no.csv'))).rejects.toThrow(
    /no\.csv: expected a readable table, got: ENOENT/u,
  );
});
