import { InputError } from '@azclip/base';

import type { Communicator } from './communicator.ts';

/** What of npm's `koffi`, which calls C libraries, is used here. */
interface Koffi {
  load(path: string, options: { readonly global: boolean }): Library;
}

interface Library {
  func(signature: string): (...values: unknown[]) => number;
  symbol(name: string): bigint;
}

/** Open MPI from 1.10 to 5, by the name that the dynamic linker knows. */
const library = 'libmpi.so.40';
const koffi = 'koffi';
/** `MPI_IN_PLACE` of mpi.h. */
const inPlace = 1n;
/** Entries of one call: counts are ints, and a send buffer of MPI's own should stay small. */
const atOnce = 2 ** 26;

/** Joins the ranks that `mpirun` has started, of which this process is one.
 * Its calls block the thread until the other ranks have come: what else is to go on meanwhile needs threads of its own.
 * @throws {InputError} if Open MPI or `koffi` is not installed here. */
export async function openMpi(): Promise<Communicator> {
  const mpi = await loadLibrary();
  const world = mpi.symbol('ompi_mpi_comm_world');
  checked(mpi, 'MPI_Init(void *argc, void *argv)')(null, null);
  const ask = (signature: string): number => {
    const out = [0];
    checked(mpi, signature)(world, out);
    return out[0] as number;
  };
  const rank = ask('MPI_Comm_rank(void *comm, _Out_ int *rank)');
  const size = ask('MPI_Comm_size(void *comm, _Out_ int *size)');
  const abort = checked(mpi, 'MPI_Abort(void *comm, int code)');
  return {
    rank,
    size,
    ...collectives(mpi, world, size),
    abort: () => {
      abort(world, 1);
    },
    close: checked(mpi, 'MPI_Finalize()'),
  };
}

/** What all ranks do together. */
function collectives(mpi: Library, world: bigint, size: number): Pick<Communicator, 'sum' | 'gather' | 'broadcast'> {
  const [float, byte, plus] = ['float', 'byte', 'op_sum'].map((name) => mpi.symbol(`ompi_mpi_${name}`));
  const allReduce = checked(mpi, 'MPI_Allreduce(void *from, void *to, int count, void *type, void *op, void *comm)');
  const allGather = checked(
    mpi,
    'MPI_Allgather(void *from, int count, void *type, void *to, int each, void *toType, void *comm)',
  );
  const broadcast = checked(mpi, 'MPI_Bcast(void *data, int count, void *type, int root, void *comm)');
  return {
    sum: (data) => {
      for (const part of parts(data)) allReduce(inPlace, part, part.length, float, plus, world);
    },
    gather: (data) => {
      const all = new Float32Array(data.length * size);
      allGather(data, data.length, float, all, data.length, float, world);
      return all;
    },
    broadcast: (data) => {
      for (const part of parts(data)) broadcast(part, part.length, byte, 0, world);
    },
  };
}

/** A function of the library that throws where it fails. */
function checked(mpi: Library, signature: string): (...values: unknown[]) => void {
  const fn = mpi.func(`int ${signature}`);
  return (...values) => {
    const code = fn(...values);
    if (code !== 0) throw new Error(`Open MPI: ${signature.split('(')[0] ?? ''} failed with ${String(code)}`);
  };
}

async function loadLibrary(): Promise<Library> {
  const { default: ffi } = await (import(koffi) as Promise<{ default: Koffi }>).catch(() => {
    throw new InputError('several ranks: expected the npm package koffi, found none; run npm install koffi');
  });
  try {
    return ffi.load(library, { global: true }); // Open MPI's own plug-ins look for its symbols
  } catch {
    throw new InputError(
      `several ranks: expected ${library} of Open MPI, found none; on Debian run apt install openmpi-bin`,
    );
  }
}

function* parts<T extends Float32Array | Uint8Array>(data: T): Generator<T> {
  for (let start = 0; start < data.length; start += atOnce) yield data.subarray(start, start + atOnce) as T;
}
