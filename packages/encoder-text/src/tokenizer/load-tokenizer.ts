import { readFile } from 'node:fs/promises';

import { InputError } from '@azclip/base';

import { createTokenizer } from './create-tokenizer.ts';
import { normalizerSteps, type TextSettings } from './normalize.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizerJson, type TokenizerJson } from './tokenizer-json.ts';
import { bertClean, wordPieceJson } from './word-piece-json.ts';

/** How a stored tokenizer is read. */
export interface LoadOptions extends Partial<TextSettings> {
  /** For a `vocab.txt`, whether accents are stripped. Default: where `lowercase` is, as BERT's uncased models do. */
  readonly stripAccents?: boolean;
}

/** Makes the tokenizer stored in a `tokenizer.json` or a BERT `vocab.txt`.
 * With `language` or `lowercase` its texts are first normalised by them (see `normalizeText`), and the tokenizer's own
 * `toJson()` says so: what is written from it needs no options again. Without, the file alone decides.
 * @param source - a path, or the content of a `tokenizer.json`.
 * @throws {InputError} naming the file, if it cannot be read or is no tokenizer. */
export async function loadTokenizer(source: string | TokenizerJson, options: LoadOptions = {}): Promise<Tokenizer> {
  if (typeof source !== 'string') return createTokenizer(withSettings(source, options));
  const text = await readFile(source, 'utf8').catch((error: unknown) => {
    throw new InputError(`${source}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`);
  });
  try {
    return createTokenizer(withSettings(parse(source, text, options), options));
  } catch (error) {
    throw new InputError(`${source}: expected a tokenizer, got one that fails: ${(error as Error).message}`);
  }
}

function parse(path: string, text: string, { lowercase = false, stripAccents }: LoadOptions): TokenizerJson {
  if (path.endsWith('.txt')) {
    const pieces = text.replace(/\r?\n$/u, '').split(/\r?\n/u);
    return wordPieceJson(pieces, [bertClean({ lowercase, strip_accents: stripAccents ?? null })]);
  }
  const parsed = tokenizerJson.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/** `json` with the steps of the settings before its own; the same steps are not put there twice. */
function withSettings(json: TokenizerJson, options: LoadOptions): TokenizerJson {
  if (options.language === undefined && options.lowercase === undefined) return json;
  const steps = normalizerSteps({ language: options.language ?? 'und', lowercase: options.lowercase ?? false });
  const own = json.normalizer?.type === 'Sequence' ? (json.normalizer['normalizers'] as unknown[]) : [json.normalizer];
  if (steps.every((step, place) => JSON.stringify(step) === JSON.stringify(own[place]))) return json;
  return { ...json, normalizer: { type: 'Sequence', normalizers: [...steps, ...own.filter((step) => step != null)] } };
}
