import { InputError } from '@azclip/base';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '@azclip/weights';
import { createHash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where a row of features stands. */
interface Place {
  readonly path: string;
  /** First byte of the row in the file. */
  readonly position: number;
  readonly checksum: number;
}

/** Features on disk by key. Rows are appended as whole files (`*.safetensors`: `keys` int32 [rows, 8], `checksums` int32
 * [rows], `features` float32 [rows, dim]) that are written atomically and named by their keys: a crash loses at most
 * what was not yet flushed, and two processes may fill one folder at the same time. */
export class FeatureStore {
  readonly #folder: string;
  readonly #dim: number;
  readonly #places: Map<string, Place>;
  readonly #files = new Map<string, Promise<FileHandle>>();
  #pending = new Map<string, Float32Array>();

  private constructor(folder: string, dim: number, places: Map<string, Place>) {
    this.#folder = folder;
    this.#dim = dim;
    this.#places = places;
  }

  /** Opens the store of `folder`, which may not be there yet.
   * @param dim - features of a row.
   * @throws {InputError} naming a file that is damaged or of another width. */
  static async open(folder: string, dim: number): Promise<FeatureStore> {
    const places = new Map<string, Place>();
    for (const name of await shardNames(folder)) await readPlaces(join(folder, name), dim, places);
    return new FeatureStore(folder, dim, places);
  }

  /** Number of rows, those not yet flushed included. */
  get size(): number {
    return this.#places.size + this.#pending.size;
  }

  /** Whether there is a row of a key. */
  has(key: Buffer): boolean {
    const name = key.toString('hex');
    return this.#places.has(name) || this.#pending.has(name);
  }

  /** The row of a key, or undefined.
   * @throws {InputError} naming the file whose row does not fit its checksum. */
  async get(key: Buffer): Promise<Float32Array | undefined> {
    const name = key.toString('hex');
    const place = this.#places.get(name);
    return place ? this.#read(place) : this.#pending.get(name);
  }

  /** Adds a row; it reaches the disk with the next `flush`.
   * @param features - [dim], not changed afterwards. */
  put(key: Buffer, features: Float32Array): void {
    if (features.length !== this.#dim) {
      throw new RangeError(`features: expected ${String(this.#dim)} numbers, got ${String(features.length)}`);
    }
    this.#pending.set(key.toString('hex'), features);
  }

  /** Number of rows that a `flush` would write. */
  get unwritten(): number {
    return this.#pending.size;
  }

  /** Writes the added rows as one file, whole or not at all. */
  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const rows = [...this.#pending].sort(([a], [b]) => (a < b ? -1 : 1));
    const keys = Buffer.from(rows.map(([key]) => key).join(''), 'hex');
    const features = new Float32Array(rows.length * this.#dim);
    for (const [i, [, row]] of rows.entries()) features.set(row, i * this.#dim);
    const path = join(this.#folder, `${createHash('sha256').update(keys).digest('hex').slice(0, 16)}.safetensors`);
    const checksums = Int32Array.from(rows, ([, row]) => crc32(bytesOf(row)) | 0);
    await writeSafetensors(path, [
      { name: 'keys', dtype: 'int32', shape: [rows.length, 8], data: new Int32Array(Uint8Array.from(keys).buffer) },
      { name: 'checksums', dtype: 'int32', shape: [rows.length], data: checksums },
      { name: 'features', dtype: 'float32', shape: [rows.length, this.#dim], data: features },
    ]);
    await readPlaces(path, this.#dim, this.#places);
    this.#pending = new Map();
  }

  /** Closes the files; what was not flushed is lost. */
  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map(async (file) => (await file).close()));
  }

  async #read({ path, position, checksum }: Place): Promise<Float32Array> {
    const row = new Float32Array(this.#dim);
    const file = this.#files.get(path) ?? open(path);
    this.#files.set(path, file);
    await (await file).read(bytesOf(row), 0, row.byteLength, position);
    if ((crc32(bytesOf(row)) | 0) === checksum) return row;
    throw new InputError(`${path}: expected features that fit their checksum; remove the file to compute them anew`);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

async function shardNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new InputError(`${folder}: expected a folder, got ${(error as NodeJS.ErrnoException).code ?? 'an error'}`);
  }
}

async function readPlaces(path: string, dim: number, into: Map<string, Place>): Promise<void> {
  const { tensors } = await readSafetensorsHeader(path);
  const features = tensors.find(({ name }) => name === 'features');
  if (features?.shape.length !== 2 || features.shape[1] !== dim) {
    const got = features ? `[${features.shape.join(', ')}]` : 'none';
    throw new InputError(`${path}: expected features of [rows, ${String(dim)}], got ${got}`);
  }
  let keys: Buffer = Buffer.alloc(0);
  let checksums = new Int32Array();
  for await (const { name, data } of readSafetensors(path, (tensor) => tensor.name !== 'features')) {
    if (name === 'keys') keys = Buffer.from(data.buffer);
    if (name === 'checksums') checksums = Int32Array.from(data);
  }
  for (const [row, checksum] of checksums.entries()) {
    const key = keys.toString('hex', row * 32, (row + 1) * 32);
    into.set(key, { path, position: features.begin + row * dim * 4, checksum });
  }
}
