import { rm } from 'node:fs/promises';

import { writeFileAtomic } from '@azclip/base';
import { type FitReport, trainClip } from '@azclip/train';

import { nativeFolder, prepareNativeLibraries } from '../native-libraries.ts';
import { openEmbedder } from '../evaluation/embedder.ts';
import { engineScores } from '../evaluation/engine-scores.ts';
import { evaluateSet } from '../evaluation/evaluate-set.ts';
import type { ExperimentConfig } from './config.ts';
import { jobFiles, type JobResult, markAttempt, readJobState, readUsage, writeJobResult } from './job-result.ts';
import type { Job } from './jobs.ts';
import { addUsage, startUsageMeter } from './usage.ts';

/** How a job ended. */
export type JobOutcome = 'finished' | 'stopped';

/** Runs one job in this process: trains, from the last checkpoint where there is one of the
 * same configuration, and scores the model on every set
 * of the grid. A job that is finished is left as it is.
 * @param onReport - hears of the training.
 * @throws whatever stands in the way; its message stands in `failure.txt` then. */
export async function runJob(
  config: ExperimentConfig,
  job: Job,
  signal: AbortSignal,
  onReport: (report: FitReport) => void,
): Promise<JobOutcome> {
  const files = jobFiles(job);
  if ((await readJobState(job)).kind === 'finished') return 'finished';
  await rm(files.failure, { force: true });
  const meter = startUsageMeter(config.energy?.wattsPerCore);
  const goesOn = await markAttempt(job);
  const before = goesOn ? await readUsage(job) : undefined;
  try {
    prepareNativeLibraries(job.fit.precision);
    const { outcome, modelDir } = await trainClip(job.fit, {
      nativeFolder,
      existing: goesOn ? 'resume' : 'overwrite',
      signal,
      onReport,
    });
    const usage = addUsage(before, meter.read());
    await writeFileAtomic(files.usage, JSON.stringify(usage));
    if (outcome === 'stopped') return 'stopped';
    await writeJobResult(job, { digest: job.digest, sets: await scoreSets(config, job, modelDir), usage });
    return 'finished';
  } catch (error) {
    await writeFileAtomic(files.failure, `${error instanceof Error ? error.message : String(error)}\n`);
    throw error;
  }
}

async function scoreSets(config: ExperimentConfig, job: Job, modelDir: string): Promise<JobResult['sets']> {
  const engine = engineScores();
  const tools = { scoreChunk: engine.scoreChunk, imageCache: job.fit.imageCache };
  const embedder = await openEmbedder(modelDir);
  const sets: JobResult['sets'] = {};
  try {
    for (const [name, set] of Object.entries(config.sets)) {
      const options = { seed: job.seed, resamples: config.resamples, failures: 0 };
      const scored = await evaluateSet(embedder, { name, ...set }, options, tools);
      const { textToImage, imageToText, reciprocalRanks, imageOfText } = scored;
      const ranks = Array.from(reciprocalRanks, (value) => Math.round(1 / value));
      sets[name] = { textToImage, imageToText, ranks, imageOfText: Array.from(imageOfText) };
    }
    return sets;
  } finally {
    await embedder.dispose();
    engine.dispose();
  }
}
