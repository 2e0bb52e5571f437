import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import {
  fingerprintImages,
  type Leak,
  LeakError,
  LeakGuard,
  type Pair,
  raiseLeaks,
  readFingerprints,
  trainedImagesName,
} from '@azclip/data';

import type { EvaluatedModel, EvaluatedSet } from './config.ts';

/** What is known of images that a model was trained on in a set that it is scored on. */
export interface SetLeaks {
  readonly model: string;
  readonly set: string;
  /** Undefined where the model folder does not say what it was trained on. */
  readonly count: number | undefined;
  /** The first of them. */
  readonly images: readonly Leak[];
}

/** Images named in a report, at most. */
const namedImages = 10;

/** Knows what a model was trained on, from the list in its folder; undefined where there is none, as in folders of other makers.
 * @throws {InputError} if the list is none. */
export async function openLeakGuard(modelFolder: string): Promise<LeakGuard | undefined> {
  const path = join(modelFolder, trainedImagesName);
  if (!existsSync(path)) return undefined;
  return new LeakGuard({ images: await collect(readFingerprints(path)) });
}

/** A model on a set. */
export interface LeakCheck {
  readonly model: EvaluatedModel;
  readonly set: EvaluatedSet;
  /** Whether the set may be scored although images of it were trained on. */
  readonly allow: boolean;
}

/** `findLeaks` as a check of a set's pairs, which notes what it found. */
export const leakCheck =
  (guard: LeakGuard | undefined, check: LeakCheck, found: SetLeaks[]) =>
  async (pairs: readonly Pair[]): Promise<void> => {
    found.push(await findLeaks(guard, pairs, check));
  };

/** Looks for images of a set that the model was trained on, by name and by look.
 * @throws {LeakError} naming at most ten of them, and how to go on. */
export async function findLeaks(
  guard: LeakGuard | undefined,
  pairs: readonly Pair[],
  { model, set, allow }: LeakCheck,
): Promise<SetLeaks> {
  const names = { model: model.name, set: set.name };
  if (!guard) return { ...names, count: undefined, images: [] };
  const leaks: Leak[] = [];
  for await (const image of fingerprintImages(pairs)) {
    const leak = guard.leakOf(image);
    if (leak) leaks.push(leak);
  }
  if (!allow) refuse(leaks, `sets: ${set.name}: `);
  return { ...names, count: leaks.length, images: leaks.slice(0, namedImages) };
}

function refuse(leaks: readonly Leak[], place: string): void {
  try {
    raiseLeaks(leaks);
  } catch (error) {
    if (!(error instanceof LeakError)) throw error;
    throw new LeakError(`${place}${error.message}; --allow-leaks scores them all the same and says so`, error.images);
  }
}

/** What a report says of a model and a set, where there is something to say. */
export function leakNotes(leaks: readonly SetLeaks[]): string[] {
  return leaks.flatMap(({ model, set, count, images }) => {
    if (count === undefined) return [`${model} on ${set}: what the model was trained on is not known.`];
    if (count === 0) return [];
    const named = images.map(({ id, reason }) => `${id} (${reason})`).join(', ');
    const more = count > images.length ? ` and ${String(count - images.length)} more` : '';
    return [`${model} on ${set}: the scores count images that were trained on, ${named}${more}.`];
  });
}
