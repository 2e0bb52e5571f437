import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { InputError, writeFileAtomic } from '@azclip/base';
import { useBackend } from '@azclip/nn';

import { createTrainingAlarms } from './alarms/training-alarms.ts';
import { parseFitConfig, type FitConfig, type FitConfigInput } from './config.ts';
import type { FinalResults } from './evaluate/score-protocols.ts';
import { finishRun } from './finish-run.ts';
import { fit } from './fit.ts';
import { checkRanks } from './parallel/check-ranks.ts';
import { firstAlone, isFirst, type Communicator } from './parallel/communicator.ts';
import { shareStart } from './parallel/share-start.ts';
import type { PhaseOutcome } from './phases/run-phase.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import type { FitReport } from './report.ts';
import { checkpointPath, readCheckpoint, type Checkpoint } from './run/checkpoint.ts';
import { openRunRecord, scalarsOf } from './run/run-record.ts';
import { runFolderOf } from './run/run-folder.ts';

/** How a training run is watched and steered. */
export interface TrainClipOptions {
  /** Hears of everything that happens; may be slow, the run waits for it. */
  readonly onReport?: (report: FitReport) => void | Promise<void>;
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** What to do where a run of this name has begun: refuse, go on from its last checkpoint, or start over. */
  readonly existing?: 'refuse' | 'resume' | 'overwrite';
  /** Folder whose `node_modules` hold a binding of libtensorflow that was built on this machine. */
  readonly nativeFolder?: string | undefined;
  /** Those who train the model together, where this process is not alone: each makes its share of every batch. Rank 0 alone writes
   * and has scores. After an error the others must be ended by `abort`. */
  readonly ranks?: Communicator | undefined;
}

/** What a training run leaves behind; the results are those of the best checkpoint, empty for a stopped run. */
export interface TrainClipResult extends FinalResults {
  /** `stopped` where the signal ended the run: there is a checkpoint to resume from, and no model yet. */
  readonly outcome: 'finished' | 'stopped';
  /** Folder that the retrieval app serves. */
  readonly modelDir: string;
  /** Folder of `last.safetensors` and `best.safetensors`. */
  readonly checkpointDir: string;
}

/** Trains a dual encoder from images and captions, as `config` says, and exports it.
 * @param config - as in a YAML file; what has a default may be left out.
 * @throws {InputError} if the configuration, the data or an earlier run of the name stands in the way; nothing is written
 * half.
 * @example
 * const run = await trainClip(config, { onReport: console.log });
 * console.log(run.modelDir, run.scores['dev/text-to-image/recall@10']); */
export async function trainClip(config: FitConfigInput, options: TrainClipOptions = {}): Promise<TrainClipResult> {
  const checked = parseFitConfig(config);
  const { ranks, signal, nativeFolder } = options;
  if (ranks) checkRanks(checked, ranks.size);
  const from = isFirst(ranks) ? await startingPoint(checked, options.existing ?? 'refuse') : undefined;
  const tell = options.onReport ?? (() => undefined);
  const { backend, reason } = await useBackend(checked.backend, { nativeFolder });
  await tell({ kind: 'note', message: `backend ${backend}: ${reason}` });
  const run = { ...(await firstAlone(ranks, () => drain(prepareRun(checked), tell))), ranks };
  try {
    const start = ranks ? shareStart(ranks, run, from) : from;
    const { outcome } = await (isFirst(ranks) ? runAndRecord(run, start, signal, tell) : runAlong(run, start, signal));
    const results = outcome === 'finished' && isFirst(ranks) ? await finishRun(run) : { scores: {}, protocols: {} };
    return { outcome, modelDir: run.folder.model, checkpointDir: run.folder.checkpoints, ...results };
  } finally {
    run.dispose();
  }
}

/** The checkpoint to go on from, after checking what stands in the run's folder; undefined for a fresh start. */
async function startingPoint(
  config: FitConfig,
  existing: 'refuse' | 'resume' | 'overwrite',
): Promise<Checkpoint | undefined> {
  const folder = runFolderOf(config);
  const last = checkpointPath(folder, 'last');
  if (existing === 'refuse' && existsSync(last)) {
    throw new InputError(
      `${folder.root}: a run of this name has begun; go on with --resume or start over with --overwrite`,
    );
  }
  await removeHalfWritten(folder.checkpoints);
  if (existing === 'resume' && existsSync(last)) return readCheckpoint(last, config);
  for (const path of [folder.checkpoints, folder.metrics, folder.events, folder.model])
    await rm(path, { recursive: true, force: true });
  return undefined;
}

/** Removes what a run that was killed while it saved has left beside its checkpoints. */
async function removeHalfWritten(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const name of names.filter((file) => file.endsWith('.tmp'))) await rm(join(folder, name), { force: true });
}

async function runAndRecord(
  run: PreparedRun,
  from: Checkpoint | undefined,
  signal: AbortSignal | undefined,
  tell: (report: FitReport) => void | Promise<void>,
): Promise<PhaseOutcome> {
  await writeFileAtomic(run.folder.config, `${JSON.stringify(run.config, null, 2)}\n`);
  const record = await openRunRecord(run.folder, from?.progress.step ?? 0, scalarsOf);
  const alarms = createTrainingAlarms(run.config.train);
  try {
    return await drain(fit(run, { signal, from }), async (report) => {
      await record.append(report);
      await tell(report);
      const alarm = report.kind === 'step' ? alarms(report) : undefined;
      if (alarm) await tell(alarm);
    });
  } finally {
    await record.close();
  }
}

/** A run on a rank that neither writes nor reports. */
const runAlong = (
  run: PreparedRun,
  from: Checkpoint | undefined,
  signal: AbortSignal | undefined,
): Promise<PhaseOutcome> => drain(fit(run, { signal, from }), () => undefined);

/** Hands on what a generator yields. @returns what it returns. */
async function drain<T, R>(items: AsyncGenerator<T, R>, take: (item: T) => void | Promise<void>): Promise<R> {
  for (;;) {
    const next = await items.next();
    if (next.done === true) return next.value;
    await take(next.value);
  }
}
