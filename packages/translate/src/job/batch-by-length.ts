import { z } from 'zod';

/** How large a batch may be. */
export const batchConfig = z.strictObject({
  maxItems: z.int().min(1).default(16).describe('Captions in a batch'),
  maxTokens: z.int().min(1).default(1024).describe('Captions × tokens of the longest: what a padded batch costs'),
});

/** How large a batch may be. */
export type BatchConfig = z.output<typeof batchConfig>;

/** Groups texts of like length, longest first, so that little is padded and a batch too big for memory fails at once.
 * @returns every item in exactly one batch; an item longer than `maxTokens` gets a batch of its own. */
export function batchByLength<T>(items: readonly T[], tokens: (item: T) => number, config: BatchConfig): T[][] {
  const sorted = items.map((item) => ({ item, length: tokens(item) })).sort((a, b) => b.length - a.length);
  const batches: T[][] = [];
  let room = 0;
  for (const { item, length } of sorted) {
    const open = batches.at(-1);
    if (open === undefined || open.length >= room) {
      batches.push([item]);
      room = Math.min(config.maxItems, Math.floor(config.maxTokens / length)); // the first of a batch is its longest
    } else {
      open.push(item);
    }
  }
  return batches;
}
