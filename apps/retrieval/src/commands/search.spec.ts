import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { writeTestModel } from '@azclip/retrieval/testing';

import { makeTestFolder, type TestFolder } from '../test-folder.spec.helper.ts';
import { indexCommand } from './index.ts';
import { searchCommand } from './search.ts';

let test: TestFolder;
let printed: string;
beforeEach(async () => {
  test = await makeTestFolder();
  printed = '';
  const record = (text: string | Uint8Array): boolean => ((printed += String(text)), true);
  jest.spyOn(process.stdout, 'write').mockImplementation(record);
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await test.remove();
});

const search = (...rest: string[]): Promise<unknown> =>
  searchCommand().parseAsync([`--model=${test.model}`, `--images=${test.photos}`, ...rest], { from: 'user' });
const found = (): { file: string; score: number }[] => JSON.parse(printed) as { file: string; score: number }[];

describe('retrieval search', () => {
  it('indexes the folder first and prints the best images', async () => {
    await search('qırmızı divar', '-k', '2');
    const [, first, second] = stripVTControlCharacters(printed).split('\n');
    expect(first).toMatch(/^ +1 {2}0\.999 {2}red\.png +qırmızı divar$/u); // «divar» is unknown and turns the query a little
    expect(second).toMatch(/^ +2 {2}0\.\d{3} {2}(?:yellow|white)\.png$/u);
  });

  it('takes words apart or together, in either case of the language', async () => {
    await search('--json', '-k', '1', 'QIRMIZI', 'YAŞIL'); // red + green: yellow
    expect(found()).toMatchObject([{ file: 'yellow.png' }]);
  });

  it('takes up images that came after the first search, and leaves the folder of photographs as it was', async () => {
    await search('--json', 'mavi');
    await test.draw('purple.png', '#a0f');
    printed = '';
    await search('--json', 'mavi');
    expect(found().map(({ file }) => file)).toContain('purple.png');
    expect((await readdir(test.photos)).sort()).toContain('captions.jsonl');
    expect(await readdir(test.photos)).toHaveLength(7);
  });
});

describe('retrieval search otherwise', () => {
  it('searches an index made before, without the images', async () => {
    const index = join(test.folder, 'index');
    const options = [`--model=${test.model}`, `--images=${test.photos}`, `--out=${index}`];
    await indexCommand().parseAsync(options, { from: 'user' });
    printed = '';
    const query = [`--model=${test.model}`, `--index=${index}`, '--json', 'sarı'];
    await searchCommand().parseAsync(query, { from: 'user' });
    expect(found()[0]).toMatchObject({ file: 'yellow.png' });
  });

  it('looks for images like one, alone or together with words', async () => {
    await search('--json', '-k', '1', `--like=${join(test.photos, 'red.png')}`);
    expect(found()[0]).toMatchObject({ file: 'red.png' });
    printed = '';
    await search('--json', '-k', '1', `--like=${join(test.photos, 'red.png')}`, 'yaşıl');
    expect(found()[0]).toMatchObject({ file: 'yellow.png' });
  });

  it('asks whether words with the letters of the language were meant', async () => {
    await search('qirmizi');
    expect(printed).toContain('did you mean: qırmızı\n');
  });

  it('refuses an empty query, a missing folder and a model folder that is none', async () => {
    await expect(search('  ')).rejects.toThrow('query: expected words to look for, got none');
    const long = search('a'.repeat(100_000));
    await expect(long).rejects.toThrow('query: expected at most 1000 characters, got 100000');
    await expect(search('mavi', `--images=${test.folder}/none`)).rejects.toThrow(/none: expected a folder of images/u);
    await expect(search('mavi', `--model=${test.photos}`)).rejects.toThrow(/config\.json: expected a model folder/u);
    await writeFile(join(test.model, 'config.json'), '{}');
    await expect(search('mavi')).rejects.toThrow(/config\.json: version: /u);
  });
});

describe('retrieval search with more to say', () => {
  it('keeps to images with the facts that are asked for', async () => {
    await search('--json', '--where', 'album=yay', '--where', 'year=2001', '--where=year=1999', 'mavi');
    expect(found().map(({ file }) => file)).toEqual(['green.png', 'red.png']);
    jest.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('exit');
    });
    await expect(search('--where', 'album', 'mavi')).rejects.toThrow('exit');
    printed = '';
    await search('--where', 'album=yaz', 'mavi');
    expect(printed).toContain('no image has these facts');
  });

  it('says that nothing seems to fit where the best hit scores as chance does', async () => {
    await search('-k', '1', 'mavi');
    expect(printed).not.toContain('no image seems to fit');
    const relevance = { offset: -60, perScore: 50, perSize: 0, missed: 0, falseAlarms: 0 };
    await writeTestModel(test.model, { relevance });
    await search('-k', '1', 'mavi');
    expect(printed).toContain('no image seems to fit; these are only the closest\n');
  });
});
