import { createHash } from 'node:crypto';

import type { HexKey } from './key-index.ts';

/** What decides a translation. */
export interface TranslationQuestion {
  readonly text: string;
  readonly source: string;
  readonly target: string;
  readonly model: string;
}

/** The first 128 bits of SHA-256 over the question. */
export function translationKey({ text, source, target, model }: TranslationQuestion): HexKey {
  return createHash('sha256')
    .update(JSON.stringify([text, source, target, model]))
    .digest('hex')
    .slice(0, 32);
}
