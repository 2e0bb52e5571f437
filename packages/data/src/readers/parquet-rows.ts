import { open } from 'node:fs/promises';
import { InputError } from '@azclip/base';

/** A row by column name. */
export interface ParquetRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file: row n`, from 0. */
  readonly place: string;
}

/** Streams the rows of a Parquet file, one row group in memory at a time.
 * @throws {InputError} if the file cannot be read, is damaged, or lacks a column. */
export async function* readParquetRows(path: string, columns: readonly string[]): AsyncGenerator<ParquetRow> {
  // loaded on first use: the library is an ES module alone, which only those who read Parquet need
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const handle = await open(path).catch((error: unknown) => {
    throw new InputError(`${path}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  });
  try {
    const file = await bufferOf(handle);
    const metadata = await parquetMetadataAsync(file);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const missing = columns.find((column) => !names.includes(column));
    if (missing !== undefined) {
      throw new InputError(
        `${path}: expected a column "${missing}", got the columns ${names.join(', ').slice(0, 200)}`,
      );
    }
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const range = { file, metadata, columns: [...columns], compressors, utf8: false, rowStart, rowEnd };
      for (const values of await parquetReadObjects(range)) {
        yield { values, place: `${path}: row ${String(rowStart++)}` };
      }
      rowStart = rowEnd;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const message = (error as Error).message.split('\n')[0] ?? '';
    throw new InputError(`${path}: expected a Parquet file, got "${message.slice(0, 120)}"`);
  } finally {
    await handle.close();
  }
}

type FileHandle = Awaited<ReturnType<typeof open>>;

/** The file as the library reads it: by ranges. */
async function bufferOf(handle: FileHandle) {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> => {
      if (start < 0 || end < start || end > size)
        throw new RangeError(`a range beyond the file: ${String(start)} … ${String(end)}`);
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}
