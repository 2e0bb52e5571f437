import { wasm } from './adamw.wasm.ts';

/** The kernels of AdamW over one memory; pointers are bytes from its beginning. */
export interface AdamwKernels {
  /** @param count - entries, a multiple of 16. */
  sumOfSquares(values: number, count: number): number;
  /** The parameters of `wasm/adamw.ts`, in its order. */
  update(...pointersCountAndScalars: number[]): void;
}

/** What TypeScript knows of WebAssembly only with the types of browsers. */
interface WebAssemblyApi {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

let compiled: object | undefined;

/** A memory of zeros and the kernels that work on it.
 * @param pages - of 64 KiB, at most 2¹⁶. */
export function openKernels(pages: number): { readonly buffer: ArrayBuffer; readonly kernels: AdamwKernels } {
  const memory = new Memory({ initial: pages, maximum: pages });
  compiled ??= new Module(Buffer.from(wasm, 'base64'));
  const { exports } = new Instance(compiled, { env: { memory } });
  return { buffer: memory.buffer, kernels: exports as AdamwKernels };
}
