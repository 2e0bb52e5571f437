import { writeFileAtomic } from '@azclip/base';

import { bytesOf, type HostData, type HostDtype, type StoredDtype } from './dtype.ts';

/** A tensor to be written; a function gives its values when their turn comes, so that they need not stand together. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: HostDtype;
  readonly shape: readonly number[];
  /** The values, or what gives them when their turn comes. */
  readonly data: HostData | (() => HostData | Promise<HostData>);
}

const stored: Readonly<Record<HostDtype, StoredDtype>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Writes a safetensors file whole or not at all. Tensors are laid out as the reference implementation does: the widest
 * type first, then by name, so that the same tensors always give the same bytes.
 * @param metadata - free text by key.
 * @throws {RangeError} if a name comes twice or values do not fit their shape, before the file is replaced. */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const order = [...tensors].sort(
    (a, b) =>
      bytesOf[stored[b.dtype]] - bytesOf[stored[a.dtype]] || compare(a.dtype, b.dtype) || compare(a.name, b.name),
  );
  await writeFileAtomic(path, chunks(header(order, metadata), order));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function header(order: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) entries.set('__metadata__', metadata);
  let reached = 0;
  for (const { name, dtype, shape } of order) {
    if (entries.has(name) || name === '__metadata__') throw new RangeError(`"${name}": expected a name of its own`);
    const begin = reached;
    reached += sizeOf(shape) * bytesOf[stored[dtype]];
    entries.set(name, { dtype: stored[dtype], shape, data_offsets: [begin, reached] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20); // values start at a multiple of 8
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  return padded;
}

async function* chunks(head: Uint8Array, order: readonly TensorToWrite[]): AsyncGenerator<Uint8Array> {
  yield head;
  for (const { name, dtype, shape, data } of order) {
    const values = typeof data === 'function' ? await data() : data;
    const fits = values.length === sizeOf(shape) && values.BYTES_PER_ELEMENT === bytesOf[stored[dtype]];
    if (!fits)
      throw new RangeError(`"${name}": expected ${dtype} [${shape.join(', ')}], got ${String(values.length)} values`);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}
