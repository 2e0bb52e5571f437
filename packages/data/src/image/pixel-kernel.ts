import { openSharedWasm, wasmPageBytes, type WasmMemory } from '@azclip/base';

import { wasm } from './pixels.wasm.ts';

/** Arguments that all functions which resize columns begin with. */
export type ColumnArguments = readonly [
  source: number,
  stride: number,
  height: number,
  firsts: number,
  counts: number,
  weights: number,
  taps: number,
];

/** What the WebAssembly module offers; numbers are addresses unless `wasm/pixels/*.ts` says otherwise. */
interface PixelFunctions {
  clear(at: number, bytes: number): void;
  buildTable(table: number, counts: number, symbols: number): number;
  decodeScan(
    components: number,
    count: number,
    across: number,
    down: number,
    progressive: number,
    spectrum: number,
    approximation: number,
    interval: number,
    from: number,
    to: number,
  ): number;
  inverseTransform(
    coefficients: number,
    quantisation: number,
    plane: number,
    blocks: number,
    left: number,
    right: number,
    top: number,
    bottom: number,
  ): void;
  greyRows(plane: number, stride: number, left: number, top: number, width: number, height: number, out: number): void;
  colourRows(
    luma: number,
    blue: number,
    red: number,
    lumaStride: number,
    chromaStride: number,
    chromaWidth: number,
    chromaHeight: number,
    across: number,
    down: number,
    left: number,
    top: number,
    width: number,
    height: number,
    scratch: number,
    out: number,
  ): void;
  resampleRows(
    source: number,
    stride: number,
    rows: number,
    width: number,
    firsts: number,
    counts: number,
    weights: number,
    taps: number,
    out: number,
  ): void;
  resampleColumns(...args: readonly [...ColumnArguments, out: number]): void;
  resampleToInput(...args: readonly [...ColumnArguments, normalisation: number, out: number]): void;
}

/** Vectors read and write up to this many bytes beyond the end of a buffer. */
const SPARE = 64;

/** The WebAssembly of the data road with its memory, which is laid out anew for every image and never given back: it
 * grows to what the largest image needs. */
export class PixelKernel {
  readonly #memory: WasmMemory<SharedArrayBuffer>;
  readonly functions: PixelFunctions;
  #end = wasmPageBytes;

  constructor() {
    const { memory, functions } = openSharedWasm(wasm, 16);
    this.#memory = memory;
    this.functions = functions as PixelFunctions;
  }

  /** Forgets all buffers; the first page belongs to the module. */
  clear(): void {
    this.#end = wasmPageBytes;
  }

  /** A buffer of so many bytes, aligned to 16, holding anything.
   * @returns its address. */
  reserve(bytes: number): number {
    const at = this.#end;
    this.#end = (at + bytes + SPARE + 15) & ~15;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / wasmPageBytes));
    return at;
  }

  /** A buffer with these bytes.
   * @returns its address. */
  place(values: Uint8Array | Int16Array | Int32Array | Float32Array): number {
    const at = this.reserve(values.byteLength);
    this.bytes(at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return at;
  }

  /** The memory itself, to be read or written before the next buffer is reserved. */
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** The same as floats. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }
}

let kernel: PixelKernel | undefined;

/** The kernel of this thread, its memory cleared. What it does, it does without a pause, so that one is enough. */
export function pixelKernel(): PixelKernel {
  kernel ??= new PixelKernel();
  kernel.clear();
  return kernel;
}
