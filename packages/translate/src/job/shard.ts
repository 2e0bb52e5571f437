import { mixSeed } from '@azclip/base';

import { TranslateError } from '../translate-error.ts';

/** One of `count` parts of a job, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `i/n`.
 * @throws {TranslateError} if it is not 1 ≤ i ≤ n. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/u.exec(text) ?? []).map(Number);
  if (index < 1 || index > count) throw new TranslateError(`shard: expected i/n with 1 ≤ i ≤ n, got ${text}`);
  return { index, count };
}

/** Whether the text belongs to the shard. Equal texts belong to one shard, so that shards that run at the same time
 * never ask for the same text. */
export function inShard(text: string, { index, count }: Shard): boolean {
  return mixSeed(0, text) % count === index - 1;
}
