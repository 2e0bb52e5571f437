import { join } from 'node:path';

import { collect } from '@azclip/base';
import { readPairs, type OnIssue, type Pair, type Split } from '@azclip/data';

import type { FitConfig } from './config.ts';

/** The pairs of a run; `test` is empty where the run does not score it. */
export type Parts = Readonly<Record<Split, readonly Pair[]>>;

/** Reads the pairs of a run; where their images stand is known, the images are not read.
 * @throws {InputError} if the data are not as the config says. */
export async function readParts({ data, evaluation, ...places }: FitConfig, onIssue: OnIssue): Promise<Parts> {
  const imageCache = places.imageCache ?? join(places.output, 'images');
  const part = (split: Split): Promise<Pair[]> => collect(readPairs(data, split, { onIssue, imageCache }));
  return { train: await part('train'), dev: await part('dev'), test: evaluation.test ? await part('test') : [] };
}
