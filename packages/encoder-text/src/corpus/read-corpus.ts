import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';

import { InputError, readJsonLines, readLines } from '@azclip/base';
import unbzip2 from 'unbzip2-stream';
import { z } from 'zod';

import { stripWikitext } from './strip-wikitext.ts';
import { wikipediaPages } from './wikipedia-pages.ts';

/** Text to learn a language from. The ending of `path` says what it is: `.txt`, a text a line; `.jsonl`, a text in the
 * field `field` of each record; `.xml.bz2` or `.xml`, a Wikipedia dump. */
export const corpusConfig = z.strictObject({
  path: z.string().min(1),
  field: z.string().min(1).default('text'),
});

/** Validated {@link corpusConfig}. */
export type CorpusConfig = z.infer<typeof corpusConfig>;

/** Streams the texts of a corpus: lines, records or articles. Nothing is held but the text under way.
 * @throws {InputError} naming the file, and line or key, of what cannot be read. */
export async function* readCorpus({ path, field }: CorpusConfig): AsyncGenerator<string> {
  await stat(path).catch((error: unknown) => {
    throw new InputError(`${path}: expected a corpus, got ${(error as NodeJS.ErrnoException).code ?? 'none'}`);
  });
  if (path.endsWith('.txt')) yield* nonEmpty(readLines(path));
  else if (path.endsWith('.jsonl')) yield* records(path, field);
  else if (path.endsWith('.xml.bz2')) yield* articles(path, decompressed(path));
  else if (path.endsWith('.xml')) yield* articles(path, createReadStream(path));
  else throw new InputError(`${path}: expected a corpus ending in .txt, .jsonl, .xml or .xml.bz2`);
}

async function* nonEmpty(lines: AsyncIterable<{ readonly text: string }>): AsyncGenerator<string> {
  for await (const { text } of lines) if (text.trim() !== '') yield text;
}

async function* records(path: string, field: string): AsyncGenerator<string> {
  const schema = z.looseObject({ [field]: z.string() });
  for await (const record of readJsonLines(path, schema)) yield String(record[field]);
}

/** The content of a bzip2 file, several streams one after another included, as multistream dumps have them. */
function decompressed(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path);
  const plain = new PassThrough();
  const fail = (error: Error): void => {
    plain.destroy(error);
  };
  file.once('error', fail).pipe(unbzip2().once('error', fail)).pipe(plain);
  plain.once('close', () => file.destroy());
  return plain;
}

async function* articles(path: string, xml: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    for await (const { wikitext, names } of wikipediaPages(xml)) {
      const prose = stripWikitext(wikitext, names);
      if (prose !== '') yield prose;
    }
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    throw new InputError(`${path}: expected a Wikipedia dump, got one that cannot be read: ${reason}`);
  }
}
