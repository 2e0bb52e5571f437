import { Worker } from 'node:worker_threads';

import type { DataIssue } from '../issue.ts';
import type { PixelSettings, PixelTask } from './load-pixels.ts';
import type { PixelJob, PixelJobDone } from './pixel-worker.ts';

/** Images of a job: few enough that the workers end together, many enough that messages cost nothing. */
const JOB_SIZE = 8;

/** The compiled worker, whether this file runs compiled or from its source. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/loader/pixel-worker.js' : './pixel-worker.js',
  import.meta.url,
);

/** A thread keeps no objects but those of the image at hand; without a limit V8 gives the young ones ever more room, 25 MB a thread
 * after some ten thousand images. Decoding is no slower (decision 0152). */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

/** A corrupt image of a batch; its row holds nothing of worth. */
export interface CorruptRow {
  readonly row: number;
  readonly issue: DataIssue;
}

interface Waiting {
  readonly resolve: (done: PixelJobDone) => void;
  readonly reject: (error: Error) => void;
}

/** Worker threads that decode, augment and normalise images. */
export class PixelPool {
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #memory: SharedArrayBuffer[] = [];
  #jobs = 0;
  #failure: Error | undefined;

  /** @param workers - number of threads; as many as there are cores to spare. */
  constructor(settings: PixelSettings, workers: number) {
    this.#workers = Array.from({ length: workers }, () => {
      const worker = new Worker(WORKER_URL, { workerData: settings, resourceLimits: LIMITS });
      worker.on('message', (done: PixelJobDone) => {
        this.#settle(done);
      });
      worker.on('error', (error) => {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
      });
      worker.unref();
      return worker;
    });
  }

  /** Memory number `slot`, of at least `bytes`; asked for again it is the same, so that epoch after epoch needs no more.
   * Shared memory is freed only once every thread has collected its garbage, which may take gigabytes of it. */
  memory(slot: number, bytes: number): SharedArrayBuffer {
    const known = this.#memory[slot];
    if (known && known.byteLength >= bytes) return known;
    return (this.#memory[slot] = new SharedArrayBuffer(bytes));
  }

  /** Fills a batch.
   * @param batch - [tasks, size, size, 3] in shared memory.
   * @returns the corrupt images, by row. */
  async load(tasks: readonly PixelTask[], batch: SharedArrayBuffer): Promise<CorruptRow[]> {
    const jobs: Promise<PixelJobDone>[] = [];
    for (let from = 0; from < tasks.length; from += JOB_SIZE) {
      const rows = tasks.slice(from, from + JOB_SIZE).map((task, i) => ({ row: from + i, task }));
      jobs.push(this.#post({ id: this.#jobs++, batch, rows }));
    }
    const done = await Promise.all(jobs);
    return done
      .flatMap(({ corrupt }) => corrupt)
      .sort((a, b) => a.row - b.row)
      .map(({ row, image, message }) => ({ row, issue: { kind: 'corrupt-image', place: image, message } }));
  }

  /** Ends the threads; what they work on is lost. */
  async close(): Promise<void> {
    this.#fail(new Error('the pool was closed'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #post(job: PixelJob): Promise<PixelJobDone> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) for (const worker of this.#workers) worker.ref();
      this.#waiting.set(job.id, { resolve, reject });
      this.#workers[job.id % this.#workers.length]?.postMessage(job);
    });
  }

  #settle(done: PixelJobDone): void {
    const waiting = this.#waiting.get(done.id);
    this.#waiting.delete(done.id);
    if (done.failure === undefined) waiting?.resolve(done);
    else waiting?.reject(new Error(done.failure));
    if (this.#waiting.size === 0) for (const worker of this.#workers) worker.unref();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
