import { Worker } from 'node:worker_threads';
import { InputError } from '@azclip/base';

import type { ParquetAnswer, ParquetWork } from './parquet-worker.ts';

/** A row by column name. */
export interface ParquetRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file: row n`, from 0. */
  readonly place: string;
}

/** The compiled worker, whether this file runs compiled or from its source. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/readers/parquet-worker.js' : './parquet-worker.js',
  import.meta.url,
);

/** A damaged file can make the library fill memory without end. */
const MEMORY = { maxOldGenerationSizeMb: 4096 };

/** Streams the row groups of a Parquet file, one in memory at a time. A thread of its own reads it, because damage can
 * send the library into a loop of billions, which only the end of its thread ends.
 * @param stallMs - a row group that takes longer is taken for such damage.
 * @throws {InputError} if the file cannot be read, is damaged, or lacks a column. */
export async function* readParquetGroups(
  path: string,
  columns: readonly string[],
  stallMs: number,
): AsyncGenerator<readonly ParquetRow[]> {
  const workerData: ParquetWork = { path, columns };
  const worker = new Worker(WORKER_URL, { workerData, resourceLimits: MEMORY });
  worker.on('error', () => undefined); // a thread that was given up may still die of its damage
  try {
    let number = 0;
    for (;;) {
      const answer = await ask(worker, stallMs);
      if ('done' in answer) return;
      if ('fault' in answer) {
        const fault = answer.fault.split('\n')[0]?.slice(0, 300) ?? '';
        throw new InputError(
          fault.startsWith('expected') ? `${path}: ${fault}` : `${path}: expected a Parquet file, got "${fault}"`,
        );
      }
      yield answer.rows.map((values) => ({ values, place: `${path}: row ${String(number++)}` }));
    }
  } finally {
    await worker.terminate();
  }
}

/** Asks for the next row group; a thread that dies or stalls has met damage. */
function ask(worker: Worker, stallMs: number): Promise<ParquetAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: ParquetAnswer): void => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', fail);
      resolve(answer);
    };
    const fail = (error: unknown): void => {
      settle({ fault: error instanceof Error ? error.message : String(error) });
    };
    const timer = setTimeout(() => {
      settle({ fault: `a row group that is not read within ${String(stallMs)} ms` });
    }, stallMs);
    worker.once('message', settle).once('error', fail);
    worker.postMessage('next');
  });
}
