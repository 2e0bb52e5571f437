import { open, type FileHandle } from 'node:fs/promises';

const newline = 10;
const blockBytes = 1 << 16;
const shortReadBytes = 1 << 10;

/** Lines that wait to be written; `bytes` with their line ends. */
interface Batch {
  readonly lines: string[];
  bytes: number;
  /** Where in the file the batch begins, once it is on the disk. */
  readonly start: Promise<number>;
}

/** An append-only file of lines. */
export class Segment {
  readonly #file: FileHandle;
  #size: number;
  #written: Promise<void> = Promise.resolve();
  #batch: Batch | undefined;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Opens a file that another process may be writing: its last line counts only once it is whole. */
  static async openToRead(path: string): Promise<Segment> {
    const file = await open(path, 'r');
    return new Segment(file, (await file.stat()).size);
  }

  /** Opens or makes a file; a line that a crash cut short is taken off its end. */
  static async openToWrite(path: string): Promise<Segment> {
    const file = await open(path, 'a+');
    const { size } = await file.stat();
    const whole = await endOfLastLine(file, size);
    if (whole < size) await file.truncate(whole);
    return new Segment(file, whole);
  }

  /** The line that starts at byte `offset`. */
  async readLine(offset: number): Promise<string> {
    for (let length = shortReadBytes; ; length *= 8) {
      const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, offset);
      const end = buffer.subarray(0, bytesRead).indexOf(newline);
      if (end >= 0) return buffer.toString('utf8', 0, end);
      if (bytesRead < length) throw new RangeError(`no line at byte ${String(offset)}`);
    }
  }

  /** Streams the whole lines with their offsets. */
  async *lines(): AsyncGenerator<{ line: string; offset: number }> {
    let rest = Buffer.alloc(0);
    let offset = 0;
    for (let position = 0; position < this.#size;) {
      const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(blockBytes), 0, blockBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const block = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
        yield { line: block.toString('utf8', start, end), offset: offset + start };
        start = end + 1;
      }
      rest = block.subarray(start);
      offset += start;
    }
  }

  /** Appends the lines and syncs; callers that come while a sync is under way share the next one.
   * @returns the byte offset of each line.
   * @throws the file system's error; nothing of the failed write is left. */
  async append(lines: readonly string[]): Promise<number[]> {
    const batch = (this.#batch ??= this.#begin());
    let offset = batch.bytes;
    const offsets = lines.map((line) => {
      const own = offset;
      offset += Buffer.byteLength(line) + 1;
      return own;
    });
    batch.bytes = offset;
    batch.lines.push(...lines);
    const start = await batch.start;
    return offsets.map((own) => start + own);
  }

  /** Waits for what is being written, then closes. */
  async close(): Promise<void> {
    await this.#written;
    await this.#file.close();
  }

  #begin(): Batch {
    const lines: string[] = [];
    const start = this.#written.then(() => {
      this.#batch = undefined; // who comes from here on joins the next batch
      return this.#write(lines);
    });
    this.#written = start.then(
      () => undefined,
      () => undefined,
    );
    return { lines, bytes: 0, start };
  }

  async #write(lines: readonly string[]): Promise<number> {
    const start = this.#size;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(start);
      throw error;
    }
    this.#size += bytes.length;
    return start;
  }
}

/** Bytes up to and with the last newline. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - blockBytes);
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const at = buffer.lastIndexOf(newline);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
