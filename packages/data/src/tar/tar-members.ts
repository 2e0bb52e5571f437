import type { ByteSource } from './byte-source.ts';

/** A regular file in a tar. */
export interface TarMember {
  readonly name: string;
  /** First byte of its content in the tar. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
}

const BLOCK = 512;

/** Longest name that a header of its own may hold, bytes: more is damage. */
const LONGEST_NAME = 2 ** 20;

/** What the headers before a member's own say of it. */
interface Announced {
  readonly name?: string;
  readonly size?: number;
}

/** Goes from header to header and gives the regular files, whose content may be taken from the source before the next one is
 * asked for; directories, links and devices are passed over. The source may end where a header would begin.
 * @see POSIX.1-2017, pax, ustar and pax Interchange Format; GNU tar manual, Basic Tar Format
 * @throws {Error} if it is no tar, or cut off. */
export async function* tarMembers(source: ByteSource): AsyncGenerator<TarMember> {
  let announced: Announced = {};
  for (;;) {
    const header = await source.take(BLOCK);
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    const { kind, name, size } = readHeader(header, announced);
    const [start, end] = [source.position, source.position + size];
    if (kind === 'x' || kind === 'L') announced = { ...announced, ...(await announcement(source, kind, size)) };
    else {
      announced = {};
      const isFile = (kind === '0' || kind === '7' || kind === '') && !name.endsWith('/');
      if (isFile) yield { name, start, size };
    }
    const left = end - source.position;
    if ((await source.skip(left)) < left) throw unexpectedEnd();
    await source.skip((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function readHeader(header: Buffer, announced: Announced): { kind: string; name: string; size: number } {
  if (header.length < BLOCK) throw unexpectedEnd();
  if (numberAt(header, 148, 8) !== checksum(header)) throw new Error('a header whose checksum does not fit');
  const [prefix, own] = [textAt(header, 345, 155), textAt(header, 0, 100)];
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0'; // GNU's has other fields where the prefix stands
  const name = announced.name ?? (isPosix && prefix !== '' ? `${prefix}/${own}` : own);
  const size = announced.size ?? numberAt(header, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('a header without a size');
  return { kind: textAt(header, 156, 1), name, size };
}

/** Name and size in the content of a header that precedes a member's own. */
async function announcement(source: ByteSource, kind: 'x' | 'L', size: number): Promise<Announced> {
  if (size > LONGEST_NAME) throw new Error(`a name of ${String(size)} bytes`);
  const content = await source.take(size);
  if (content.length < size) throw unexpectedEnd();
  if (kind === 'L') return { name: textAt(content, 0, size) };
  const { path, size: length } = paxRecords(content);
  return { ...(path === undefined ? {} : { name: path }), ...(length === undefined ? {} : { size: Number(length) }) };
}

/** Records `<length> <key>=<value>\n`, where the length counts the whole record. */
function paxRecords(content: Buffer): Readonly<Record<string, string>> {
  const records: Record<string, string> = {};
  for (let at = 0; at < content.length;) {
    const length = parseInt(content.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const { key, value } =
      /^\d+ (?<key>[^=]+)=(?<value>.*)\n$/su.exec(content.toString('utf8', at, at + length))?.groups ?? {};
    if (key !== undefined && value !== undefined) records[key] = value;
    at += length;
  }
  return records;
}

/** Sum of a header's bytes, those of the sum itself counted as spaces. */
function checksum(header: Buffer): number {
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i += 1) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  return sum;
}

/** An octal number, or one of base 256 where the first bit is set. */
function numberAt(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) === 0) {
    const text = textAt(field, 0, length).trim();
    return text === '' ? 0 : parseInt(text, 8);
  }
  return field.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0);
}

const textAt = (bytes: Buffer, start: number, length: number): string =>
  bytes.toString('utf8', start, start + length).split('\0')[0] ?? '';

const unexpectedEnd = (): Error => new Error('an end within a member');
