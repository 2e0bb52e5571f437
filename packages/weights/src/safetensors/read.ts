import { type FileHandle, open } from 'node:fs/promises';

import { decoders } from './decode.ts';
import { allocate, bytesOf, type HostData, hostDtypeOf, type NamedTensor } from './dtype.ts';
import { maxHeaderBytes, parseHeader, SafetensorsError, type SafetensorsHeader, type StoredTensor } from './header.ts';

/** Bytes read at once. */
const chunkBytes = 1 << 20;

/** Reads the header of a safetensors file; nothing is allocated before its length is checked against the file.
 * @throws {SafetensorsError} naming the file, the key, what was expected and what came. */
export const readSafetensorsHeader = (path: string): Promise<SafetensorsHeader> =>
  withFile(path, (file) => readHeader(path, file));

/** Streams the tensors of a safetensors file in the order of their bytes. F64, F16 and BF16 become float32, I64 and U8
 * become int32; beside the tensor that is yielded at most 1 MiB is held.
 * @param wanted - passes over the tensors for which it is false, unread.
 * @throws {SafetensorsError} naming the file, the key, what was expected and what came. */
export async function* readSafetensors(
  path: string,
  wanted: (tensor: StoredTensor) => boolean = () => true,
): AsyncGenerator<NamedTensor> {
  const file = await openFile(path);
  try {
    const { tensors } = await readHeader(path, file);
    const chunk = new ArrayBuffer(chunkBytes);
    for (const stored of tensors) if (wanted(stored)) yield await readTensor(path, file, stored, chunk);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new SafetensorsError(`${path}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function readHeader(path: string, file: FileHandle): Promise<SafetensorsHeader> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new SafetensorsError(`${path}: expected a file`);
  const fileBytes = stats.size;
  if (fileBytes < 8) throw new SafetensorsError(`${path}: expected a safetensors file, got ${String(fileBytes)} bytes`);
  const lead = new DataView(new ArrayBuffer(8));
  await fill(path, file, new Uint8Array(lead.buffer), 0);
  const length = lead.getBigUint64(0, true);
  if (length > BigInt(Math.min(maxHeaderBytes, fileBytes - 8))) {
    const most = String(Math.min(maxHeaderBytes, fileBytes - 8));
    throw new SafetensorsError(`${path}: expected a header of at most ${most} bytes, got ${String(length)}`);
  }
  const bytes = new Uint8Array(Number(length));
  await fill(path, file, bytes, 8);
  return parseHeader(path, new TextDecoder().decode(bytes), 8 + bytes.length, fileBytes);
}

/** Fills `into` from `position` of the file, however short the single reads are. */
async function fill(path: string, file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const length = Math.min(into.length - done, chunkBytes);
    const { bytesRead } = await file.read(into, done, length, position + done);
    if (bytesRead === 0) throw new SafetensorsError(`${path}: ended at byte ${String(position + done)} while reading`);
    done += bytesRead;
  }
}

async function readTensor(
  path: string,
  file: FileHandle,
  { name, dtype, shape, begin, end }: StoredTensor,
  chunk: ArrayBuffer,
): Promise<NamedTensor> {
  const data = allocate(hostDtypeOf(dtype), (end - begin) / bytesOf[dtype]);
  const decode = decoders[dtype];
  if (decode === undefined) {
    await fill(path, file, new Uint8Array(data.buffer), begin);
    return { name, dtype: hostDtypeOf(dtype), shape, data };
  }
  const perChunk = chunk.byteLength / bytesOf[dtype];
  for (let first = 0; first < data.length; first += perChunk) {
    const part: HostData = data.subarray(first, first + perChunk);
    await fill(path, file, new Uint8Array(chunk, 0, part.length * bytesOf[dtype]), begin + first * bytesOf[dtype]);
    try {
      decode(chunk, part);
    } catch (error) {
      throw new SafetensorsError(`${path}: ${JSON.stringify(name)}: ${(error as Error).message}`);
    }
  }
  return { name, dtype: hostDtypeOf(dtype), shape, data };
}
