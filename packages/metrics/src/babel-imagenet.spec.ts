import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BabelImageNetError, fillPrompt, readImageNetClasses, readPrompts } from './babel-imagenet.ts';
import { UnknownIdError } from './errors.ts';

const folder = join(__dirname, '../../../../shared/data/babel-imagenet');
const whenPresent = existsSync(folder) ? describe : describe.skip;
if (!existsSync(folder)) it.todo('read Babel-ImageNet: ../shared/data/babel-imagenet is missing');

const fileOf = async (content: string): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'classes.json');
  await writeFile(path, content);
  return path;
};

whenPresent('Babel-ImageNet', () => {
  it('names 365 classes in Azerbaijani, with prompts to put them into', async () => {
    const { classIds, names } = await readImageNetClasses(join(folder, 'babel_imagenet.json'), 'az');
    expect([classIds.length, names.length, new Set(classIds).size]).toEqual([365, 365, 365]);
    const prompts = await readPrompts(join(folder, 'nllb_dist13b_prompts.json'), 'az');
    expect(prompts.map((prompt) => fillPrompt(prompt, names[0] ?? '')).every((text) => !text.includes('{'))).toBe(true);
  });
});

it('fills a prompt', () => {
  expect(fillPrompt(' {}  şəkli ', 'ağ köpəkbalığı')).toBe('ağ köpəkbalığı şəkli');
  expect(fillPrompt('{}!', '$& $1')).toBe('$& $1!');
});

it('names the file, and the language that is missing or broken', async () => {
  const path = await fileOf('{"AZ": [[1, 2], ["bir"]], "TR": [[1], ["bir"]]}');
  expect(await readImageNetClasses(path, 'tr')).toEqual({ classIds: [1], names: ['bir'] });
  await expect(readImageNetClasses(path, 'az')).rejects.toThrow(BabelImageNetError);
  await expect(readImageNetClasses(path, 'kk')).rejects.toThrow(UnknownIdError);
  await expect(readPrompts(path, 'az')).rejects.toThrow('az: expected a list of prompts');
  await expect(readPrompts(await fileOf('{'), 'az')).rejects.toThrow('expected a readable JSON file');
});
