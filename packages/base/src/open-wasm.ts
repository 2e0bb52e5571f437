/** A memory of WebAssembly. */
export interface WasmMemory<Bytes extends ArrayBufferLike> {
  /** What it holds now; another buffer once it has grown. */
  readonly buffer: Bytes;
  /** Makes it larger by so many pages. */
  grow(pages: number): number;
}

interface Limits {
  readonly initial: number;
  readonly maximum: number;
}

/** What Node has and TypeScript knows only with the types of browsers. */
interface WebAssemblyApi {
  readonly Memory: {
    new (limits: Limits): WasmMemory<ArrayBuffer>;
    new (limits: Limits & { readonly shared: true }): WasmMemory<SharedArrayBuffer>;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

const compiled = new Map<string, object>();

/** Bytes of a page of WebAssembly's memory. */
export const wasmPageBytes = 65_536;

/** Pages of a memory, at most. */
const mostPages = 65_536;

/** The functions of a stored kernel (`tools/wasm/build.mjs`) on a memory.
 * @param wasm - the kernel, base64; compiled once. */
function functionsOf(wasm: string, memory: WasmMemory<ArrayBufferLike>): object {
  const module = compiled.get(wasm) ?? new Module(Buffer.from(wasm, 'base64'));
  compiled.set(wasm, module);
  return new Instance(module, { env: { memory } }).exports;
}

/** A memory of zeros of one thread, and the functions of a stored kernel that work on it.
 * @param wasm - the kernel, base64.
 * @param bytes - size of the memory, rounded up to whole pages; at most 4 GiB.
 * @returns the memory, and the functions by name.
 * @throws {RangeError} where there is no such memory left. */
export function openWasm(wasm: string, bytes: number): { readonly buffer: ArrayBuffer; readonly functions: object } {
  const pages = Math.ceil(bytes / wasmPageBytes);
  const memory = new Memory({ initial: pages, maximum: pages });
  return { buffer: memory.buffer, functions: functionsOf(wasm, memory) };
}

/** The same on memory that threads may share, and that grows.
 * @param pages - of memory, to begin with. */
export function openSharedWasm(
  wasm: string,
  pages: number,
): { readonly memory: WasmMemory<SharedArrayBuffer>; readonly functions: object } {
  const memory = new Memory({ initial: pages, maximum: mostPages, shared: true });
  return { memory, functions: functionsOf(wasm, memory) };
}
