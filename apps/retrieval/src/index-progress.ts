import { SingleBar } from 'cli-progress';
import { consola } from 'consola';

import type { Shard } from '@azclip/base';
import { openForIndexing, shardFolder } from '@azclip/retrieval';
import { updateIndex } from '@azclip/retrieval/indexing';

import type { Embedder } from './embedder.ts';

/** What became of an indexing. */
export interface IndexSummary {
  /** Images embedded now. */
  readonly embedded: number;
  /** Images in the index. */
  readonly size: number;
  /** Images that could not be decoded now. */
  readonly rejected: number;
}

/** What to index, and where. */
export interface IndexWork {
  readonly images: string;
  readonly folder: string;
  /** The share of the images that belongs to this job, which makes its part in a folder of its own. */
  readonly shard?: Shard | undefined;
  readonly signal?: AbortSignal;
}

/** Brings the index of `images` up to date, drawing a progress bar with the rate and the time left on standard error.
 * @returns undefined where nothing had to be done. */
export async function indexWithProgress(
  embedder: Embedder,
  { images, folder, shard, signal }: IndexWork,
): Promise<IndexSummary> {
  const place = shard ? shardFolder(folder, shard) : folder;
  const index = await openForIndexing(place, images, embedder.config, shard);
  const bar = new SingleBar({
    format: 'indexing {bar} {value}/{total} images · {rate} images/s · {eta_formatted} left',
    stream: process.stderr,
    hideCursor: true,
  });
  const started = performance.now();
  let [embedded, refused] = [0, 0];
  try {
    for await (const { done, total, rejected } of updateIndex(index, embedder, signal ? { signal } : {})) {
      const rate = ((done * 1000) / (performance.now() - started)).toFixed(0);
      if (done === 0 && total > 0) bar.start(total, 0, { rate: '–' });
      else if (total > 0) bar.update(done, { rate });
      for (const { reason } of rejected) consola.warn(reason);
      refused += rejected.length;
      embedded = done - refused;
    }
    return { embedded, rejected: refused, size: await index.store.size() };
  } finally {
    bar.stop();
    await index.store.close();
  }
}
