/** The ranks of a run: processes, perhaps on several machines, that train one model together. Each calls the same methods in
 * the same order; a call returns when all have come to it. */
export interface Communicator {
  /** 0-based. Rank 0 writes and reports. */
  readonly rank: number;
  /** Number of ranks. */
  readonly size: number;
  /** Replaces each entry by its sum over all ranks; every rank gets the same bits. */
  sum(data: Float32Array): void;
  /** @param data - equally long on every rank.  @returns the data of all ranks under each other, by rank. */
  gather(data: Float32Array): Float32Array;
  /** Replaces the data by that of rank 0. */
  broadcast(data: Uint8Array): void;
  /** Ends the processes of all ranks at once: the only way out of a failure that the other ranks do not share. */
  abort(): void;
  /** Leaves, after all have come. */
  close(): void;
}

/** Whether it is so on any rank. */
export function onAnyRank(ranks: Communicator | undefined, here: boolean): boolean {
  if (!ranks) return here;
  const count = Float32Array.of(Number(here));
  ranks.sum(count);
  return (count[0] as number) > 0;
}

/** Whether this process writes and reports: rank 0, and a process that is alone. */
export const isFirst = (ranks: Communicator | undefined): boolean => ranks === undefined || ranks.rank === 0;

/** Sums arrays over all ranks, as those of the gradients before an update. */
export const summing =
  (ranks: Communicator) =>
  (arrays: readonly Float32Array[]): void => {
    for (const array of arrays) ranks.sum(array);
  };

/** Works on rank 0 first, then on the others, which find what it has left in shared folders. */
export async function firstAlone<T>(ranks: Communicator | undefined, work: () => Promise<T>): Promise<T> {
  if (!ranks) return work();
  if (ranks.rank > 0) onAnyRank(ranks, false);
  const result = await work();
  if (ranks.rank === 0) onAnyRank(ranks, false);
  return result;
}
