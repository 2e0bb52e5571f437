import type { SlurmConfig } from './config.ts';

/** Writes the script of a Slurm job array: one task a job of the grid. A task that Slurm starts again (requeue, or a
 * second `sbatch`) goes on from its last checkpoint, and a finished one ends at once.
 * @param jobs - number of jobs.  @param command - words of the command that takes the number of a job, from 1, at its end.
 * @param folder - where the tasks start.  @param logs - where their logs go; must be there. */
export function slurmScript(
  name: string,
  jobs: number,
  command: readonly string[],
  { folder, logs }: { readonly folder: string; readonly logs: string },
  slurm: SlurmConfig,
): string {
  const { partition, cpusPerTask, memory, time, atOnce, setup } = slurm;
  const options = [
    `job-name=${name}`,
    `array=1-${String(jobs)}${atOnce === undefined ? '' : `%${String(atOnce)}`}`,
    ...(partition === undefined ? [] : [`partition=${partition}`]),
    'nodes=1',
    'ntasks=1',
    `cpus-per-task=${String(cpusPerTask)}`,
    `mem=${memory}`,
    `time=${time}`,
    'requeue',
    'signal=INT@60', // a minute before the time is up, so that the task ends with a checkpoint
    `chdir=${folder}`,
    `output=${logs}/slurm-%A_%a.log`,
  ];
  return [
    '#!/bin/bash',
    ...options.map((option) => `#SBATCH --${option}`),
    'set -euo pipefail',
    ...setup,
    `exec srun ${command.map(quote).join(' ')} "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}

/** A word that the shell takes as it is. */
function quote(word: string): string {
  return /^[\w./=:@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
