import { InputError } from '@azclip/base';
import { openMpi, type Communicator } from '@azclip/train';
import { consola } from 'consola';

/** Joins the ranks that `mpirun` has started together with this process; undefined where it was started alone.
 * @param environment - where Open MPI's `mpirun` tells how many there are.
 * @throws {InputError} if the processes do not find each other, or were started by another MPI than Open MPI. */
export async function joinRanks(environment: NodeJS.ProcessEnv): Promise<Communicator | undefined> {
  const started = Number(environment['OMPI_COMM_WORLD_SIZE'] ?? 1);
  if (started === 1) {
    const others = Number(environment['PMI_SIZE'] ?? 1);
    if (others === 1) return undefined;
    throw new InputError(
      `several ranks: expected the mpirun of Open MPI, got another that started ${String(others)}; on Debian run apt install openmpi-bin`,
    );
  }
  const ranks = await openMpi();
  if (ranks.size === started) return ranks;
  throw new InputError(`several ranks: expected ${String(started)}, as mpirun says, found ${String(ranks.size)}`);
}

/** Does the work of a rank. Where it fails, its reason is told and all ranks end: the others would wait for it for ever. */
export async function together(ranks: Communicator | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!ranks) throw error;
    consola.error(
      `rank ${String(ranks.rank)} of ${String(ranks.size)}:`,
      error instanceof InputError ? error.message : error,
    );
    ranks.abort();
  }
  ranks?.close();
}
