import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { InputError, writeFileAtomic } from '@azclip/base';
import type { FitReport } from '@azclip/train';
import { Command, InvalidArgumentError } from 'commander';
import { consola } from 'consola';

import { experimentConfig, type ExperimentConfig } from '../experiment/config.ts';
import { type Job, makeJobs } from '../experiment/jobs.ts';
import { runJob } from '../experiment/run-job.ts';
import { type JobEvent, runJobs, STOPPED } from '../experiment/run-jobs.ts';
import { slurmScript } from '../experiment/slurm.ts';
import { readYaml } from '../read-yaml.ts';
import { readExperiment } from '../report/experiment-report.ts';
import { experimentTables } from '../report/experiment-tables.ts';
import { markdownTable } from '../report/table.ts';
import { writeExperiment } from '../report/write-experiment.ts';

interface ExperimentFlags {
  readonly config: string;
  readonly job?: number;
  readonly report?: true;
  readonly slurm?: true;
}

/** `trainer experiment`: runs a grid of trainings as jobs, here or on a cluster, and writes the tables. */
export function experimentCommand(): Command {
  return new Command('experiment')
    .description('run a grid of trainings, one process each, and write its tables; run again, it goes on')
    .requiredOption('--config <file>', 'YAML file of the grid')
    .option('--report', 'write the tables of what is finished, run nothing')
    .option('--slurm', 'write a script for sbatch that runs the jobs on a cluster, run nothing')
    .option('--job <number>', 'run this one job in this process, from 1', numberOf)
    .action(async (flags: ExperimentFlags) => {
      const config = await readYaml(flags.config, experimentConfig);
      await run(config, makeJobs(config, flags.config), flags);
    });
}

async function run(config: ExperimentConfig, jobs: readonly Job[], flags: ExperimentFlags): Promise<void> {
  if (flags.slurm) return writeSlurm(config, jobs, flags.config);
  if (flags.job !== undefined) return runOne(config, jobs, flags.job);
  if (!flags.report) await runAll(config, jobs, flags.config);
  await report(config, jobs);
}

async function runAll(config: ExperimentConfig, jobs: readonly Job[], file: string): Promise<void> {
  const command = (number: number): [string, ...string[]] => [process.execPath, ...jobCommand(file), String(number)];
  const onEvent = ({ kind, job, number, message }: JobEvent): void => {
    const line = `${String(number)}/${String(jobs.length)} ${job.id}: ${kind}${message === undefined ? '' : `: ${message}`}`;
    if (kind === 'failed') consola.error(line);
    else consola.info(line);
  };
  await runJobs(jobs, { parallel: config.parallel, command, signal: interruption(), onEvent });
}

async function runOne(config: ExperimentConfig, jobs: readonly Job[], number: number): Promise<void> {
  const job = jobs[number - 1];
  if (!job) throw new InputError(`--job: expected 1 to ${String(jobs.length)}, got ${String(number)}`);
  const outcome = await runJob(config, job, interruption(), printReport);
  if (outcome === 'stopped') process.exitCode = STOPPED;
}

/** Lines of a job's log: what is slow, and every epoch. */
function printReport(report: FitReport): void {
  if (report.kind === 'note') consola.log(report.message);
  if (report.kind === 'issue') consola.warn(`${report.issue.place}: ${report.issue.message}`);
  if (report.kind !== 'epoch') return;
  const recall = report.scores?.['text-to-image/recall@10'];
  const scored = recall === undefined ? '' : `, dev R@10 ${(100 * recall).toFixed(1)}`;
  consola.log(`epoch ${String(report.epoch)}/${String(report.epochs)}: loss ${report.loss.toFixed(3)}${scored}`);
}

async function report(config: ExperimentConfig, jobs: readonly Job[]): Promise<void> {
  const found = await readExperiment(config, jobs);
  const [first] = experimentTables(found);
  if (first) consola.log(markdownTable(first));
  for (const path of await writeExperiment(found, config.output)) consola.success(path);
  const failed = found.runs.filter(({ state }) => state.kind === 'failed').length;
  const open = found.runs.filter(({ state }) => state.kind === 'open').length;
  if (failed + open > 0) {
    consola.warn(`${String(failed)} failed, ${String(open)} not run; the same command goes on with them`);
    process.exitCode = 1;
  }
}

async function writeSlurm(config: ExperimentConfig, jobs: readonly Job[], file: string): Promise<void> {
  const path = join(config.output, 'jobs.sbatch');
  const command = [process.execPath, ...jobCommand(file)];
  const folders = { folder: process.cwd(), logs: resolve(config.output) };
  await writeFileAtomic(path, slurmScript(config.name, jobs.length, command, folders, config.slurm));
  consola.success(`${path}: ${String(jobs.length)} jobs; submit it with sbatch, then write the tables with --report`);
}

/** Arguments of Node for one job; its number follows. */
function jobCommand(file: string): string[] {
  return [fileURLToPath(new URL('../main.js', import.meta.url)), 'experiment', `--config=${resolve(file)}`, '--job'];
}

/** Aborted by the first Ctrl-C or SIGTERM: jobs under way end with a checkpoint. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

function numberOf(text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number from 1');
}
