import { existsSync } from 'node:fs';

import { InputError } from '@azclip/base';
import { resolveWeights, type HubOptions } from '@azclip/weights';

import { createBar, type Bar } from './terminal/bar.ts';
import { createDownloadProgress } from './terminal/download-progress.ts';

/** Brings the weights that hub ids name into the cache, with a bar, before work that would fetch them in silence. What stands on
 * disk or in the cache is left to that work.
 * @param sources - of a config: files, folders, hub ids; undefined where it names none.
 * @throws {InputError} saying why they cannot be had. */
export async function fetchWeights(
  sources: readonly (string | undefined)[],
  hub: HubOptions,
  bar: Bar = createBar(),
): Promise<void> {
  const onProgress = createDownloadProgress(bar, () => performance.now());
  try {
    for (const source of sources) {
      if (source !== undefined && !existsSync(source)) await resolveWeights(source, { ...hub, onProgress });
    }
  } catch (error) {
    if (hub.signal?.aborted)
      throw new InputError('weights: stopped while fetching them; run again to go on from there');
    throw error;
  } finally {
    bar.clear();
  }
}
