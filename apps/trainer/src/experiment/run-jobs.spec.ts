import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { experimentConfig } from './config.ts';
import { jobFiles, writeJobResult } from './job-result.ts';
import { type Job, makeJobs } from './jobs.ts';
import { type JobEvent, runJobs } from './run-jobs.ts';

const usage = { wallSeconds: 1, cpuSeconds: 1, peakMemoryMiB: 1, energySource: 'not measured' };
const resultOf = ({ digest }: Job) => ({ digest, sets: {}, usage });

async function threeJobs(): Promise<Job[]> {
  const output = await mkdtemp(join(tmpdir(), 'jobs-'));
  const base = { data: { reader: 'scenes' }, image: { tower: { name: 'resnet' } }, text: { tower: { name: 'bag' } } };
  const sets = { flat: { data: { reader: 'scenes' } } };
  return makeJobs(experimentConfig.parse({ name: 'grid', output, base, sets, seeds: [1, 2, 3] }));
}

/** A process that does what a job would: writes its result, or fails. */
const writing = (job: Job): [string, ...string[]] => {
  const script = `require('fs').writeFileSync(process.argv[1], process.argv[2]); console.log('done')`;
  return [process.execPath, '-e', script, jobFiles(job).result, JSON.stringify(resultOf(job))];
};
const script = (code: string): [string, ...string[]] => [process.execPath, '-e', code];

async function events(
  jobs: Job[],
  commands: [string, ...string[]][],
  signal = new AbortController().signal,
): Promise<string[]> {
  const seen: string[] = [];
  const onEvent = ({ kind, number, message }: JobEvent): void => {
    seen.push(`${String(number)} ${kind}${message === undefined ? '' : ` ${message}`}`);
  };
  const command = (number: number): [string, ...string[]] => commands[number - 1] ?? script('');
  await runJobs(jobs, { parallel: 1, command, signal, onEvent });
  return seen;
}

it('goes on after a job that fails, and tells why', async () => {
  const jobs = await threeJobs();
  const [first, second, third] = jobs as [Job, Job, Job];
  const failing = script(
    `require('fs').writeFileSync(${JSON.stringify(jobFiles(second).failure)}, 'no memory'); process.exit(1)`,
  );
  expect(await events(jobs, [writing(first), failing, script('process.kill(process.pid, "SIGKILL")')])).toEqual([
    '1 started',
    '1 finished',
    '2 started',
    '2 failed no memory',
    '3 started',
    `3 failed its process ended with SIGKILL; see ${jobFiles(third).log}`,
  ]);
  expect(await readFile(jobFiles(first).log, 'utf8')).toBe('done\n');
});

it('does not run again what is finished, unless its configuration has changed', async () => {
  const jobs = (await threeJobs()).slice(0, 2);
  const [first, second] = jobs as [Job, Job];
  await writeJobResult(first, resultOf(first));
  await writeJobResult(second, { ...resultOf(second), digest: 'of another configuration' });
  expect(await events(jobs, [script('process.exit(1)'), writing(second)])).toEqual([
    '1 skipped',
    '2 started',
    '2 finished',
  ]);
});

it('stops after the signal: the job under way is interrupted, no further one begins', async () => {
  const jobs = await threeJobs();
  const controller = new AbortController();
  const waiting = script(
    `process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); console.log('up')`,
  );
  const log = jobFiles(jobs[0] as Job).log;
  const interrupt = async (): Promise<void> => {
    while ((await readFile(log, 'utf8').catch(() => '')) === '')
      await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
  };
  const [seen] = await Promise.all([events(jobs, [waiting], controller.signal), interrupt()]);
  expect(seen).toEqual(['1 started', '1 stopped']);
});
