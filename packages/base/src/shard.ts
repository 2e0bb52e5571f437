import { InputError } from './input-error.ts';
import { mixSeed } from './random.ts';

/** One of the jobs that share a work, such as the tasks of an array job. */
export interface Shard {
  /** 1 … `count`. */
  readonly index: number;
  readonly count: number;
}

/** Reads `i/n`.
 * @throws {InputError} if it is not 1 ≤ i ≤ n. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/u.exec(text) ?? []).map(Number);
  if (index < 1 || index > count) throw new InputError(`shard: expected i/n with 1 ≤ i ≤ n, got ${text}`);
  return { index, count };
}

/** Whether what `key` names belongs to the shard: a key belongs to one shard of `count`, whatever else there is and however
 * often it occurs. */
export function inShard(key: string, { index, count }: Shard): boolean {
  return mixSeed(0, key) % count === index - 1;
}
