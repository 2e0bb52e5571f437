import { SingleBar } from 'cli-progress';
import { consola } from 'consola';

import { openForIndexing } from '@azclip/retrieval';
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

/** Brings the index of `images` up to date, drawing a progress bar with the rate and the time left on standard error.
 * @returns undefined where nothing had to be done. */
export async function indexWithProgress(
  embedder: Embedder,
  { images, folder, signal }: { readonly images: string; readonly folder: string; readonly signal?: AbortSignal },
): Promise<IndexSummary> {
  const index = await openForIndexing(folder, images, embedder.config);
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
