import { InputError } from '@azclip/base';

import type { Split } from '../pair.ts';

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  dev: 'dev',
  val: 'dev',
  valid: 'dev',
  validation: 'dev',
  test: 'test',
};

/** The part that a word names.
 * @param place - `file:line` for the error.
 * @throws {InputError} if it names none. */
export function splitOfName(word: string, place: string): Split {
  const split = SPLIT_NAMES[word.trim().toLowerCase()];
  if (split === undefined) throw new InputError(`${place}: expected train, dev or test, got "${word}"`);
  return split;
}
