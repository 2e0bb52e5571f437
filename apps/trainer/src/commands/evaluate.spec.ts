import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { evaluateCommand } from './evaluate.ts';

const run = (...flags: string[]): Promise<unknown> => evaluateCommand().parseAsync(flags, { from: 'user' });

it('asks for a model or a file, not both', async () => {
  await expect(run()).rejects.toThrow('--config or --model: expected one of them');
  await expect(run('--config=a.yaml', '--model=b')).rejects.toThrow('--config or --model: expected one of them');
});

it('names the model that is in no run, and the one that is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  const model = join(folder, 'model');
  await mkdir(model);
  await expect(run(`--model=${model}`)).rejects.toThrow(`${model}: expected a model inside a run folder`);
  const towers = { image: { tower: { name: 'resnet' } }, text: { tower: { name: 'bag' } } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ name: 'run', data: { reader: 'scenes' }, ...towers }));
  await expect(run(`--model=${model}`)).rejects.toThrow(/config\.json: expected a model folder/u);
});

it('names the file and key of a wrong configuration', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'evaluate-')), 'x.yaml');
  await writeFile(
    path,
    'name: x\noutput: out\nmodels: []\nsets: [{ name: s, language: az, data: { reader: scene } }]\n',
  );
  await expect(run(`--config=${path}`)).rejects.toThrow(`${path}: models: `);
  await writeFile(path, 'name: [x\n');
  await expect(run(`--config=${path}`)).rejects.toThrow(path);
});
