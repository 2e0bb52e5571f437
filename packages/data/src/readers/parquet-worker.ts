import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What a worker reads. */
export interface ParquetWork {
  readonly path: string;
  readonly columns: readonly string[];
}

/** What a worker answers when it is asked for the next row group. */
export type ParquetAnswer =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly done: true }
  | { readonly fault: string };

type FileHandle = Awaited<ReturnType<typeof open>>;

/** The row groups of a file, one in memory at a time. */
async function* rowGroups({ path, columns }: ParquetWork): AsyncGenerator<Readonly<Record<string, unknown>>[]> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const handle = await open(path);
  try {
    const file = await bufferOf(handle);
    const metadata = await parquetMetadataAsync(file);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const missing = columns.find((column) => !names.includes(column));
    if (missing !== undefined) {
      throw new Error(`expected a column "${missing}", got the columns ${names.join(', ').slice(0, 200)}`);
    }
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      yield await parquetReadObjects({
        file,
        metadata,
        columns: [...columns],
        compressors,
        utf8: false,
        rowStart,
        rowEnd,
      });
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

/** The file as the library reads it: by ranges. */
async function bufferOf(handle: FileHandle) {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> => {
      if (start < 0 || end < start || end > size) {
        throw new RangeError(`a range beyond the file: ${String(start)} … ${String(end)}`);
      }
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}

/** Answers each message with the next row group. */
function serve(port: NonNullable<typeof parentPort>, work: ParquetWork): void {
  const groups = rowGroups(work);
  const answer = async (): Promise<ParquetAnswer> => {
    try {
      const next = await groups.next();
      return next.done ? { done: true } : { rows: next.value };
    } catch (error) {
      return { fault: error instanceof Error ? error.message : String(error) };
    }
  };
  port.on('message', () => {
    void answer().then((value) => {
      port.postMessage(value);
    });
  });
}

if (parentPort) serve(parentPort, workerData as ParquetWork);
