import { readLines } from '@azclip/base';

import { estimateTokens } from '../job/estimate-tokens.ts';
import { TranslateError } from '../translate-error.ts';
import type { Answer, TranslationProvider } from '../translator.ts';

/** Known pairs from a TSV file, `source<TAB>target`, further columns ignored; a later line replaces an earlier one.
 * Spaces at the ends and repeated spaces do not tell sources apart. Texts that are not in it have no answer.
 * @throws {TranslateError} naming file and line of what has no second column. */
export async function memoryProvider(path: string): Promise<TranslationProvider> {
  const pairs = new Map<string, Answer>();
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const [source = '', target = ''] = text.split('\t');
    if (source.trim() === '' || target.trim() === '') {
      throw new TranslateError(
        `${path}:${String(number)}: expected "source<TAB>target", got ${JSON.stringify(text.slice(0, 60))}`,
      );
    }
    pairs.set(keyOf(source), { text: target.trim() });
  }
  return {
    model: `memory:${path}`,
    countTokens: estimateTokens,
    translate: (texts) => Promise.resolve(texts.map((text) => pairs.get(keyOf(text)))),
  };
}

const keyOf = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();
