import { rowsOf, type HostTensors } from '../step/host-tensors.ts';
import type { Communicator } from './communicator.ts';

/** Which of the ranks this process is. */
export type Place = Pick<Communicator, 'rank' | 'size'>;

/** The rows of a batch that are this rank's, all of them where it is alone. @returns the first, and the one after the last. */
export function ownRange(
  rows: number,
  { rank, size }: Place = { rank: 0, size: 1 },
): readonly [start: number, end: number] {
  const share = rows / size;
  return [rank * share, (rank + 1) * share];
}

/** This rank's rows of tensors that all have as many. */
export function ownRows(named: HostTensors, ranks: Place | undefined): HostTensors {
  if (!ranks) return named;
  const [start, end] = ownRange(Object.values(named)[0]?.shape[0] ?? 0, ranks);
  return rowsOf(named, start, end - start);
}
