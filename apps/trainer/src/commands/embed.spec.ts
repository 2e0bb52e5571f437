import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { embedCommand } from './embed.ts';

const run = (...flags: string[]): Promise<unknown> => embedCommand().parseAsync(flags, { from: 'user' });

it('takes a share or joins them, and names what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'embed-'));
  const path = join(folder, 'run.yaml');
  const towers =
    'image: { tower: { name: resnet, size: 16 } }\ntext: { tower: { name: bag, dim: 8, contextLength: 8 } }\n';
  await writeFile(path, `name: run\ndata: { reader: scenes, train: 4, dev: 2 }\n${towers}`);
  await expect(run(`--config=${path}`, '--merge', '--shard=1/2')).rejects.toThrow('--merge: expected without --shard');
  await expect(run(`--config=${path}`, '--shard=3/2')).rejects.toThrow('shard: expected i/n with 1 ≤ i ≤ n, got 3/2');
  await expect(run(`--config=${path}`, '--shard=1/2')).rejects.toThrow('image.tower: expected a frozen tower');
  await expect(run(`--config=${join(folder, 'none.yaml')}`)).rejects.toThrow(
    'none.yaml: expected a readable YAML file',
  );
  await rm(folder, { recursive: true });
});
