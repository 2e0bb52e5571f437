import { spawnSync } from 'node:child_process';

import { slurmScript } from './slurm.ts';

const slurm = { cpusPerTask: 2, memory: '8G', time: '1:00:00', setup: ['module load nodejs'] };

it('asks for one task a job and hands it the number of its job', () => {
  const script = slurmScript(
    'grid',
    7,
    ['node', 'main.js', '--config=a b.yaml', '--job'],
    { folder: '/project', logs: '/logs' },
    {
      ...slurm,
      partition: 'cpu',
      atOnce: 3,
    },
  );
  expect(script.split('\n')).toEqual(
    expect.arrayContaining([
      '#!/bin/bash',
      '#SBATCH --array=1-7%3',
      '#SBATCH --partition=cpu',
      '#SBATCH --cpus-per-task=2',
      '#SBATCH --chdir=/project',
      '#SBATCH --output=/logs/slurm-%A_%a.log',
      'module load nodejs',
      `exec srun node main.js '--config=a b.yaml' --job "$SLURM_ARRAY_TASK_ID"`,
    ]),
  );
});

it('is a script that a shell runs: the words arrive as they were', () => {
  const script = slurmScript(
    'grid',
    1,
    ['printf', '%s|', "it's", '$HOME', '--job'],
    { folder: '/', logs: '/' },
    { ...slurm, setup: [] },
  );
  const local = script.replace('exec srun ', 'exec '); // srun runs the command on the node
  const { stdout } = spawnSync('bash', ['-c', local], {
    env: { ...process.env, SLURM_ARRAY_TASK_ID: '4' },
    encoding: 'utf8',
  });
  expect(stdout).toBe("it's|$HOME|--job|4|");
});
