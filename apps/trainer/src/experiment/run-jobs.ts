import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';

import { jobFiles, readJobState } from './job-result.ts';
import type { Job } from './jobs.ts';

/** What happens to the jobs of a grid. */
export interface JobEvent {
  readonly kind: 'skipped' | 'started' | 'finished' | 'failed' | 'stopped';
  readonly job: Job;
  /** Place in the grid, from 1. */
  readonly number: number;
  /** Why it failed. */
  readonly message?: string;
}

/** How to run jobs. */
export interface RunJobsOptions {
  /** Processes at the same time. */
  readonly parallel: number;
  /** Command that runs job `number` (from 1) of the grid. */
  readonly command: (number: number) => readonly [string, ...string[]];
  readonly signal: AbortSignal;
  readonly onEvent: (event: JobEvent) => void;
}

/** Exit code of a job that was stopped and can go on. */
export const STOPPED = 130;

/** Runs jobs in processes of their own, so that one that fails, or takes the memory of its process, does not touch the
 * others. What is finished is not run again. What a job prints goes to its `log.txt`.
 * After the signal no further job is started; those under way end with a checkpoint. */
export async function runJobs(jobs: readonly Job[], options: RunJobsOptions): Promise<void> {
  const waiting = jobs.map((job, index) => ({ job, number: index + 1 }));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !options.signal.aborted; next = waiting.shift()) {
      const { job, number } = next;
      if ((await readJobState(job)).kind === 'finished') {
        options.onEvent({ kind: 'skipped', job, number });
        continue;
      }
      options.onEvent({ kind: 'started', job, number });
      options.onEvent({ ...(await runProcess(job, options.command(number), options.signal)), job, number });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, jobs.length) }, worker));
}

async function runProcess(
  job: Job,
  [program, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<Pick<JobEvent, 'kind' | 'message'>> {
  await mkdir(job.folder, { recursive: true });
  const log = await open(jobFiles(job).log, 'a');
  try {
    const env = { ...process.env, FORCE_COLOR: undefined }; // a log is read without a terminal
    const child = spawn(program, args, { stdio: ['ignore', log.fd, log.fd], detached: true, env });
    const interrupt = (): boolean => child.kill('SIGINT');
    signal.addEventListener('abort', interrupt, { once: true });
    const ended = await new Promise<string>((resolve) => {
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('exit', (code, name) => {
        resolve(name === null ? String(code) : name);
      });
    });
    signal.removeEventListener('abort', interrupt);
    return await outcomeOf(job, ended);
  } finally {
    await log.close();
  }
}

async function outcomeOf(job: Job, ended: string): Promise<Pick<JobEvent, 'kind' | 'message'>> {
  const state = await readJobState(job);
  if (ended === '0' && state.kind === 'finished') return { kind: 'finished' };
  if (ended === String(STOPPED) || ended === 'SIGINT') return { kind: 'stopped' };
  const message = state.kind === 'failed' ? state.message : `its process ended with ${ended}; see ${jobFiles(job).log}`;
  return { kind: 'failed', message };
}
