import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { z } from 'zod';

import type { Job } from './jobs.ts';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });

const card = z.object({
  protocol: z.object({
    direction: z.enum(['text→image', 'image→text']),
    gallery: z.number(),
    queries: z.number(),
    withoutPositives: z.number(),
    positivesPerQuery: z.object({ min: z.number(), mean: z.number(), max: z.number() }),
    cutoff: z.number(),
    ties: z.string(),
    split: z.string(),
  }),
  scores: z.record(z.string(), interval),
});

/** Form of what a job or a run took. */
export const usageSchema = z.object({
  /** Of training, s; of all sittings together where a run was resumed. */
  wallSeconds: z.number(),
  /** Busy time of all cores, s. */
  cpuSeconds: z.number(),
  /** Largest resident memory of the process, MiB. */
  peakMemoryMiB: z.number(),
  /** Energy, J; absent where it was neither measured nor estimated. */
  energyJoules: z.number().optional(),
  /** Where the energy comes from. */
  energySource: z.string(),
});

const jobResult = z.object({
  digest: z.string(),
  /** Scores by the name of the set. */
  sets: z.record(
    z.string(),
    z.object({
      textToImage: card,
      imageToText: card,
      /** Rank of the image of each caption, for paired tests. */
      ranks: z.array(z.number()),
      /** Row of the image of each caption. */
      imageOfText: z.array(z.number()),
    }),
  ),
  usage: usageSchema,
});

/** What a finished job leaves behind. */
export type JobResult = z.infer<typeof jobResult>;

/** What a job took. */
export type Usage = z.infer<typeof usageSchema>;

/** How far a job is. */
export type JobState =
  | { readonly kind: 'finished'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'open' };

/** Files of a job. */
export const jobFiles = (
  job: Pick<Job, 'folder'>,
): Record<'result' | 'failure' | 'log' | 'usage' | 'attempt', string> => ({
  result: join(job.folder, 'result.json'),
  failure: join(job.folder, 'failure.txt'),
  log: join(job.folder, 'log.txt'),
  usage: join(job.folder, 'usage.json'),
  attempt: join(job.folder, 'attempt.txt'),
});

/** Reads how far a job is; a result of another configuration does not count. */
export async function readJobState(job: Pick<Job, 'folder' | 'digest'>): Promise<JobState> {
  const files = jobFiles(job);
  if (existsSync(files.result)) {
    const parsed = jobResult.safeParse(JSON.parse(await readFile(files.result, 'utf8')));
    if (parsed.success && parsed.data.digest === job.digest) return { kind: 'finished', result: parsed.data };
  }
  if (existsSync(files.failure)) return { kind: 'failed', message: (await readFile(files.failure, 'utf8')).trim() };
  return { kind: 'open' };
}

/** Writes the result of a job. */
export async function writeJobResult(job: Pick<Job, 'folder'>, result: JobResult): Promise<void> {
  await writeFileAtomic(jobFiles(job).result, `${JSON.stringify(result, null, 2)}\n`);
}

/** Reads what earlier sittings of a job took. */
export async function readUsage(job: Pick<Job, 'folder'>): Promise<Usage | undefined> {
  const path = jobFiles(job).usage;
  return existsSync(path) ? usageSchema.parse(JSON.parse(await readFile(path, 'utf8'))) : undefined;
}

/** Marks a job as begun with its present configuration.
 * @returns whether it had begun with the same one, so that it can go on. */
export async function markAttempt(job: Pick<Job, 'folder' | 'digest'>): Promise<boolean> {
  const path = jobFiles(job).attempt;
  const before = existsSync(path) ? (await readFile(path, 'utf8')).trim() : undefined;
  await writeFileAtomic(path, `${job.digest}\n`);
  return before === job.digest;
}
