import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { consola } from 'consola';
import { stringify } from 'yaml';

import { experimentCommand } from './experiment.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiment-'));
  path = join(folder, 'grid.yaml');
  await writeGrid({});
  jest.spyOn(consola, 'log').mockImplementation(() => undefined);
  consola.mockTypes(() => jest.fn());
});
afterEach(() => {
  jest.restoreAllMocks();
  consola.restoreAll();
  process.exitCode = 0;
});

const writeGrid = (base: object): Promise<void> => {
  const towers = { image: { tower: { name: 'resnet' } }, text: { tower: { name: 'bag' } } };
  const sets = { flat: { data: { reader: 'scenes' } } };
  const grid = { name: 'grid', output: join(folder, 'out'), base: { ...towers, ...base }, sets, seeds: [1, 2] };
  return writeFile(path, stringify(grid));
};
const run = (...flags: string[]): Promise<unknown> =>
  experimentCommand().parseAsync([`--config=${path}`, ...flags], { from: 'user' });

it('writes a script for a cluster, one task a job', async () => {
  await run('--slurm');
  const script = await readFile(join(folder, 'out/jobs.sbatch'), 'utf8');
  expect(script).toContain('#SBATCH --array=1-2\n');
  expect(script).toContain(`experiment --config=${path} --job "$SLURM_ARRAY_TASK_ID"`);
});

it('writes tables of what is there, and says by its exit code that jobs are missing', async () => {
  await run('--report');
  expect(await readFile(join(folder, 'out/report.md'), 'utf8')).toContain('| grid · seed 1 | flat | open |');
  expect(process.exitCode).toBe(1);
});

it('names the job that is none, and the key that is wrong, before anything is written', async () => {
  await expect(run('--job=3')).rejects.toThrow('--job: expected 1 to 2, got 3');
  await writeGrid({ trian: {} });
  await expect(run()).rejects.toThrow(`${path}: flat-seed1: (top level): Unrecognized key: "trian"`);
});
