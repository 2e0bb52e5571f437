import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@azclip/base';
import { CsvError, parse, type Options } from 'csv-parse';

import type { CsvConfig } from '../config.ts';
import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionLine } from './caption-groups.ts';
import { hashSplit } from './hash-split.ts';
import type { ReadOptions } from './read-options.ts';

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  dev: 'dev',
  val: 'dev',
  valid: 'dev',
  validation: 'dev',
  test: 'test',
};

/** Reads a file of rows image, caption with a header; rows of one image are its captions, wherever they stand.
 * @throws {InputError} if the file or a column is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readCsv(config: CsvConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const folder = config.images ?? dirname(config.path);
  const groups = await groupCaptions(rowsOf(config, split, options), config.onInvalid, options);
  for (const [imageId, { captions, place }] of groups) {
    const path = resolve(folder, imageId);
    if (await exists(path)) yield { imageId, image: { path }, captions };
    else {
      const message = `expected an image, got "${path}", which is not there`;
      raiseIssue({ kind: 'missing-image', place, message }, config.onInvalid, options.onIssue);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function* rowsOf(config: CsvConfig, wanted: Split, options: ReadOptions): AsyncGenerator<CaptionLine> {
  for await (const { values, place } of readTable(config.path, config)) {
    const image = values.get(config.imageColumn)?.trim() ?? '';
    const caption = values.get(config.captionColumn) ?? '';
    if (image === '') {
      const message = `expected an image in column "${config.imageColumn}", got none`;
      raiseIssue({ kind: 'malformed', place, message }, config.onInvalid, options.onIssue);
    } else if (rowSplit(values, image, config, place) === wanted) yield { image, caption, place };
  }
}

function rowSplit(values: ReadonlyMap<string, string>, image: string, config: CsvConfig, place: string): Split {
  if (config.splitColumn === undefined) return hashSplit(image, config.splits);
  const name = values.get(config.splitColumn)?.trim() ?? '';
  const split = SPLIT_NAMES[name.toLowerCase()];
  if (split === undefined)
    throw new InputError(`${place}: expected train, dev or test in "${config.splitColumn}", got "${name}"`);
  return split;
}

/** A row by column name. */
interface Row {
  readonly values: ReadonlyMap<string, string>;
  readonly place: string;
}

async function* readTable(path: string, config: CsvConfig): AsyncGenerator<Row> {
  const needed = [
    config.imageColumn,
    config.captionColumn,
    ...(config.splitColumn === undefined ? [] : [config.splitColumn]),
  ];
  let header: string[] | undefined;
  for await (const { record, line } of parseRecords(path, config.delimiter)) {
    if (header) {
      const names = header;
      yield { values: new Map(record.map((value, i) => [names[i] ?? '', value])), place: `${path}:${String(line)}` };
      continue;
    }
    header = record.map((name) => name.trim());
    const missing = needed.find((name) => !header?.includes(name));
    if (missing !== undefined) {
      throw new InputError(`${path}:1: expected a column "${missing}", got the columns ${header.join(', ')}`);
    }
  }
  if (!header) throw new InputError(`${path}: expected a header and rows, got an empty file`);
}

/** Streams the records with the line that each ends on. */
async function* parseRecords(path: string, delimiter: string): AsyncGenerator<{ record: string[]; line: number }> {
  const settings: Options = { delimiter, bom: true, info: true, skip_empty_lines: true, relax_column_count: true };
  const parser = parse(delimiter === '\t' ? { ...settings, quote: null } : settings);
  const reading = pipeline(createReadStream(path), parser);
  reading.catch(() => undefined); // the error reaches the loop below through the parser
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(`${path}: expected well-formed rows, got "${error.message}"`);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new InputError(`${path}: expected a readable file, got ${code}`);
  }
}
