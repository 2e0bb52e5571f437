import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import { onFullDisk } from './on-full-disk.ts';

/** What a line records: a step, an epoch, a measurement. */
export interface MetricsRecord {
  readonly step: number;
}

/** The record of a run: one JSON line a step and an epoch, in `metrics.jsonl`. */
export interface MetricsLog {
  /** Adds one line. */
  append(report: MetricsRecord): Promise<void>;
  /** Ends the file. */
  close(): Promise<void>;
}

/** Opens the record of a run that stands at `step`: what an interrupted run wrote beyond its checkpoint is cut off, so a
 * resumed run leaves the same lines as one that was never stopped. */
export async function openMetricsLog(path: string, step: number): Promise<MetricsLog> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, await linesUntil(path, step));
  const file = await open(path, 'a');
  return {
    append: async (report) => {
      await onFullDisk(path, () => file.appendFile(`${JSON.stringify(report)}\n`));
    },
    close: () => file.close(),
  };
}

async function linesUntil(path: string, step: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const kept = text.split('\n').filter((line) => stepOf(line) <= step);
  return kept.map((line) => `${line}\n`).join('');
}

/** The step of a line; a line cut short by a crash has none and is dropped. */
function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step: number }).step;
  } catch {
    return Infinity;
  }
}
