import { createReadStream } from 'node:fs';

import { parse } from 'csv-parse';

import { TranslateError } from '../translate-error.ts';
import type { CaptionFile } from './caption-file.ts';

/** Which columns matter. */
export interface CsvColumns {
  readonly delimiter: string;
  readonly captionColumn: string;
  readonly imageColumn: string;
}

/** A row a caption under a header; other columns are kept as they are.
 * @throws {TranslateError} if the file cannot be read or a column is missing. */
export async function csvCaptionFile(path: string, columns: CsvColumns): Promise<CaptionFile> {
  const { delimiter, captionColumn, imageColumn } = columns;
  const first = await readRows(path, delimiter).next();
  const header = first.done === true ? [] : first.value;
  const [at, imageAt] = [header.indexOf(captionColumn), header.indexOf(imageColumn)];
  if (at < 0) {
    throw new TranslateError(
      `${path}: expected a column "${captionColumn}", got ${header.join(', ') || 'an empty file'}`,
    );
  }
  const line = (values: readonly string[]): string =>
    `${values.map((value) => quote(value, delimiter)).join(delimiter)}\n`;
  return {
    header: line(header),
    takesWeights: false,
    rows: async function* () {
      let number = -1;
      for await (const values of readRows(path, delimiter)) {
        number += 1;
        if (number === 0) continue;
        const text = (values[at] ?? '').trim();
        yield {
          captions: text === '' ? [] : [{ id: `${values[imageAt] ?? 'row'}#${String(number)}`, text }],
          write: ([translation]) =>
            translation === undefined ? '' : line(values.map((v, i) => (i === at ? translation : v))),
        };
      }
    },
  };
}

async function* readRows(path: string, delimiter: string): AsyncGenerator<string[]> {
  const input = createReadStream(path);
  const rows = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  input.on('error', (error) => rows.destroy(error)).pipe(rows);
  try {
    for await (const row of rows) yield row as string[];
  } catch (error) {
    throw new TranslateError(`${path}: expected a readable table, got: ${(error as Error).message}`);
  } finally {
    input.destroy();
  }
}

const quote = (value: string, delimiter: string): string =>
  /["\n\r]/u.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
