import { openWasm, wasmPageBytes } from '@azclip/base';

import { wasm } from './adamw.wasm.ts';

/** The kernels of AdamW over one memory; pointers are bytes from its beginning. */
export interface AdamwKernels {
  /** @param count - entries, a multiple of 16. */
  sumOfSquares(values: number, count: number): number;
  /** The parameters of `wasm/adamw.ts`, in its order. */
  update(...pointersCountAndScalars: number[]): void;
}

/** What the optimizer keeps for each entry of a parameter. */
export const kept = ['gradient', 'param', 'first', 'second', 'average'] as const;

/** One of the arrays of a parameter. */
export type Kept = (typeof kept)[number];

/** The arrays of one parameter. */
export interface ParameterMemory {
  readonly name: string;
  readonly arrays: Readonly<Partial<Record<Kept, Float32Array>>>;
  /** Where they begin, in bytes; 0 where there is none. */
  readonly pointers: Readonly<Record<Kept, number>>;
  /** Entries, rounded up to what the kernels take at once; what is beyond the arrays stays 0. */
  readonly paddedCount: number;
  readonly kernels: AdamwKernels;
}

/** Arrays of all parameters in WebAssembly memories, where kernels and ONNX Runtime work on them without copies. */
export interface StateMemory {
  readonly parameters: readonly ParameterMemory[];
  /** All gradients, one array for each memory. */
  readonly gradients: readonly Float32Array[];
}

interface Sized {
  readonly name: string;
  readonly count: number;
}

/** A memory has 2¹⁶ pages at most, and its first bytes stay free: pointer 0 means none. */
const largestMemory = 65_535 * wasmPageBytes;
const reserved = 64;
const floatBytes = 4;
/** Entries that arrays are rounded up to: 64 bytes, a line of the cache. */
const alignment = 16;

/** Lays out zeros for every parameter.
 * @param sizes - entries of the parameters, by name.
 * @param averaged - whether there is a moving average.
 * @param limit - bytes of one memory, at most.
 * @throws {RangeError} naming a parameter that does not fit into one memory. */
export function createStateMemory(
  sizes: Readonly<Record<string, number>>,
  averaged: boolean,
  limit = largestMemory,
): StateMemory {
  const roles = averaged ? kept : kept.slice(0, -1);
  const bytesOf = ({ count }: Sized): number => padded(count) * floatBytes * roles.length;
  const groups: Sized[][] = [];
  let free = 0;
  for (const [name, count] of Object.entries(sizes)) {
    const bytes = bytesOf({ name, count });
    if (bytes > limit - reserved) {
      const most = Math.floor((limit - reserved) / floatBytes / roles.length);
      throw new RangeError(`parameter "${name}": expected at most ${String(most)} entries, got ${String(count)}`);
    }
    if (bytes > free) {
      groups.push([]);
      free = limit - reserved;
    }
    groups.at(-1)?.push({ name, count });
    free -= bytes;
  }
  const memories = groups.map((group) => layOut(group, roles));
  return {
    parameters: memories.flatMap(({ parameters }) => parameters),
    gradients: memories.map(({ gradients }) => gradients),
  };
}

const padded = (count: number): number => Math.ceil(count / alignment) * alignment;

/** One memory: the gradients of all its parameters, then their values, and so on. */
function layOut(group: readonly Sized[], roles: readonly Kept[]) {
  const total = group.reduce((sum, { count }) => sum + padded(count), 0);
  const { buffer, functions } = openWasm(wasm, reserved + total * floatBytes * roles.length);
  const kernels = functions as AdamwKernels;
  let before = 0;
  const parameters = group.map(({ name, count }): ParameterMemory => {
    const arrays: Partial<Record<Kept, Float32Array>> = {};
    const pointers = { gradient: 0, param: 0, first: 0, second: 0, average: 0 };
    for (const [i, role] of roles.entries()) {
      pointers[role] = reserved + (total * i + before) * floatBytes;
      arrays[role] = new Float32Array(buffer, pointers[role], count);
    }
    before += padded(count);
    return { name, arrays, pointers, paddedCount: padded(count), kernels };
  });
  return { parameters, gradients: new Float32Array(buffer, reserved, total) };
}
