import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@azclip/base';
import { CsvError, parse, type Options } from 'csv-parse';

/** A row by column name. */
export interface TableRow {
  readonly values: ReadonlyMap<string, string>;
  /** `file:line` of its end. */
  readonly place: string;
}

/** Above this a record is taken for a file that is no table; bytes. */
const MAX_RECORD_SIZE = 1 << 20;

/** Streams the rows of a file with a header. With a tab as delimiter quotes mean nothing.
 * @param needed - columns that must be there.
 * @throws {InputError} if the file cannot be read, is no table, or lacks a column. */
export async function* readCsvTable(
  path: string,
  delimiter: string,
  needed: readonly string[],
): AsyncGenerator<TableRow> {
  let header: string[] | undefined;
  for await (const { record, line } of parseRecords(path, delimiter)) {
    if (header) {
      const names = header;
      yield { values: new Map(record.map((value, i) => [names[i] ?? '', value])), place: `${path}:${String(line)}` };
      continue;
    }
    header = record.map((name) => name.trim());
    const missing = needed.find((name) => !header?.includes(name));
    if (missing !== undefined) {
      const got = header.join(', ').slice(0, 200);
      throw new InputError(`${path}:1: expected a column "${missing}", got the columns ${got}`);
    }
  }
  if (!header) throw new InputError(`${path}: expected a header and rows, got an empty file`);
}

/** Streams the records with the line that each ends on. */
async function* parseRecords(path: string, delimiter: string): AsyncGenerator<{ record: string[]; line: number }> {
  const quote = delimiter === '\t' || delimiter === '|' ? null : '"';
  const parser = parse({ ...SETTINGS, delimiter, quote });
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

const SETTINGS: Options = {
  bom: true,
  info: true,
  skip_empty_lines: true,
  relax_column_count: true,
  max_record_size: MAX_RECORD_SIZE,
};
