/** What TypeScript knows of WebAssembly only with the types of browsers. */
interface WebAssemblyApi {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

const compiled = new Map<string, object>();

/** Bytes of a page of WebAssembly's memory; there are 2¹⁶ of them at most. */
export const wasmPageBytes = 65_536;

/** A memory of zeros of one thread, and the functions of a stored kernel (`tools/wasm/build.mjs`) that work on it.
 * @param wasm - the kernel, base64; compiled once.
 * @param bytes - size of the memory, rounded up to whole pages; at most 4 GiB.
 * @returns the memory, and the functions by name.
 * @throws {RangeError} where there is no such memory left. */
export function openWasm(wasm: string, bytes: number): { readonly buffer: ArrayBuffer; readonly functions: object } {
  const pages = Math.ceil(bytes / wasmPageBytes);
  const memory = new Memory({ initial: pages, maximum: pages });
  const module = compiled.get(wasm) ?? new Module(Buffer.from(wasm, 'base64'));
  compiled.set(wasm, module);
  const { exports } = new Instance(module, { env: { memory } });
  return { buffer: memory.buffer, functions: exports };
}
