import type { Interval } from '@azclip/metrics';

import type { ExperimentConfig } from '../experiment/config.ts';
import { type JobResult, type JobState, readJobState } from '../experiment/job-result.ts';
import type { Job } from '../experiment/jobs.ts';

/** A grid and how far each of its jobs is. */
export interface ExperimentReport {
  readonly config: ExperimentConfig;
  readonly runs: readonly { readonly job: Job; readonly state: JobState }[];
}

/** Collects the results of a grid. */
export async function readExperiment(config: ExperimentConfig, jobs: readonly Job[]): Promise<ExperimentReport> {
  return { config, runs: await Promise.all(jobs.map(async (job) => ({ job, state: await readJobState(job) }))) };
}

/** How reports call a run: its choices but the data set, and its seed where there are several. */
export function runName({ config }: ExperimentReport, { choices, seed }: Job): string {
  const several = (axis: string): boolean => Object.keys(config.axes[axis] ?? {}).length > 1;
  const names = Object.entries(choices).flatMap(([axis, choice]) => (several(axis) ? [choice] : []));
  const seeds = config.seeds.length > 1 ? [`seed ${String(seed)}`] : [];
  return [...(names.length === 0 ? [config.name] : names), ...seeds].join(' · ');
}

/** Runs with a result. */
export function finished({ runs }: ExperimentReport): { readonly job: Job; readonly result: JobResult }[] {
  return runs.flatMap(({ job, state }) => (state.kind === 'finished' ? [{ job, result: state.result }] : []));
}

/** The data set of a run. */
export function trainedOn(job: Job): string {
  return job.choices['set'] ?? '';
}

/** A score of text → image. */
export function scoreOf(result: JobResult, set: string, name: string): Interval | undefined {
  return result.sets[set]?.textToImage.scores[name];
}
