import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { readTranslateConfig } from './translate.ts';

async function configFile(content: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'trainer-')), 'job.yaml');
  await writeFile(path, content);
  return path;
}

const job = 'input: a.txt\noutput: b.txt\nstore: s\ntarget: az\ntranslator: { provider: memory, path: m.tsv }\n';

it('reads a job and lets the command line have the last word', async () => {
  const config = await configFile(job);
  expect(await readTranslateConfig({ config })).toMatchObject({
    input: 'a.txt',
    source: 'en',
    dropBelow: 0,
    concurrency: 4,
  });
  const flags = { config, in: 'c.txt', out: 'd.txt', store: 't', dropBelow: '0.5' };
  expect(await readTranslateConfig(flags)).toMatchObject({
    input: 'c.txt',
    output: 'd.txt',
    store: 't',
    dropBelow: 0.5,
  });
});

it('names file and key of what is wrong', async () => {
  const typo = await configFile(job.replace('target', 'taget'));
  await expect(readTranslateConfig({ config: typo })).rejects.toThrow(/job\.yaml: .*ta(r)?get/u);
  const config = await configFile(job);
  await expect(readTranslateConfig({ config, dropBelow: 'half' })).rejects.toThrow(/job\.yaml: dropBelow:/u);
  await expect(readTranslateConfig({ config: '/nowhere.yaml' })).rejects.toThrow(
    '/nowhere.yaml: expected a readable YAML',
  );
  await expect(readTranslateConfig({ config: await configFile('a: [') })).rejects.toThrow(
    'expected a readable YAML file',
  );
});

it('comes with a job that is whole', async () => {
  const config = resolve(__dirname, '../../configs/translate-az.yaml');
  expect(await readTranslateConfig({ config })).toMatchObject({ target: 'az', rivals: ['tr', 'tk', 'uz'] });
});
