import { parentPort, workerData } from 'node:worker_threads';

import { CorruptImageError } from '../image/decode-with-libvips.ts';
import { loadPixels, type PixelSettings, type PixelTask } from './load-pixels.ts';

/** Some rows of a batch, for a worker to fill. */
export interface PixelJob {
  readonly id: number;
  /** The batch, [batch, size, size, 3], shared with the caller. */
  readonly batch: SharedArrayBuffer;
  readonly rows: readonly { readonly row: number; readonly task: PixelTask }[];
}

/** What a worker says when it is done with a job. */
export interface PixelJobDone {
  readonly id: number;
  /** Rows whose image is corrupt, with the reason. */
  readonly corrupt: readonly { readonly row: number; readonly image: string; readonly message: string }[];
  /** An error that is no fault of an image. */
  readonly failure?: string;
}

/** The body of a worker thread: fills the rows of each job, two images under way, and answers. */
function serve(port: NonNullable<typeof parentPort>, settings: PixelSettings): void {
  port.on('message', (job: PixelJob) => {
    void runJob(job, settings).then((done) => {
      port.postMessage(done);
    });
  });
}

/** Images that one worker decodes while it works on another. */
const UNDER_WAY = 2;

async function runJob({ id, batch, rows }: PixelJob, settings: PixelSettings): Promise<PixelJobDone> {
  const pixels = new Float32Array(batch);
  const corrupt: PixelJobDone['corrupt'][number][] = [];
  const queue = [...rows];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        await loadPixels(next.task, settings, pixels, next.row);
      } catch (error) {
        if (!(error instanceof CorruptImageError)) throw error;
        corrupt.push({ row: next.row, image: error.issue.place, message: error.issue.message });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: UNDER_WAY }, work));
    return { id, corrupt };
  } catch (error) {
    return { id, corrupt, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (parentPort) serve(parentPort, workerData as PixelSettings);
