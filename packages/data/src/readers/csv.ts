import { dirname } from 'node:path';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionLine } from './caption-groups.ts';
import { readCsvTable } from './csv-table.ts';
import { hashSplit } from './hash-split.ts';
import { pairsOfGroups } from './pairs-of-groups.ts';
import type { ReadOptions } from './read-options.ts';
import type { CsvConfig } from './reader-configs.ts';
import { splitOfName } from './split-name.ts';

/** Reads a file of rows image, caption with a header; rows of one image are its captions, wherever they stand.
 * @throws {InputError} if the file or a column is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readCsv(config: CsvConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const groups = await groupCaptions(rowsOf(config, split, options), config.onInvalid, options);
  yield* pairsOfGroups(groups, config.images ?? dirname(config.path), config.onInvalid, options);
}

async function* rowsOf(config: CsvConfig, wanted: Split, options: ReadOptions): AsyncGenerator<CaptionLine> {
  const { path, delimiter, imageColumn, captionColumn, splitColumn } = config;
  const needed = [imageColumn, captionColumn, ...(splitColumn === undefined ? [] : [splitColumn])];
  for await (const { values, place } of readCsvTable(path, delimiter, needed)) {
    const image = values.get(imageColumn)?.trim() ?? '';
    const caption = values.get(captionColumn) ?? '';
    if (image === '') {
      const message = `expected an image in column "${imageColumn}", got none`;
      raiseIssue({ kind: 'malformed', place, message }, config.onInvalid, options.onIssue);
      continue;
    }
    const split =
      splitColumn === undefined ? hashSplit(image, config.splits) : splitOfName(values.get(splitColumn) ?? '', place);
    if (split === wanted) yield { image, caption, place };
  }
}
