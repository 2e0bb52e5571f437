import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

const entry = z.object({
  id: z.string(),
  source: z.string(),
  translation: z.string().default(''),
  quality: z.number().min(0).max(1),
  flags: z.array(z.string()).default([]),
});

/** A caption to be looked at, as the quality ledger judged it. */
export type ReviewItem = z.output<typeof entry>;

/** Which captions of a ledger are looked at. */
export interface ReviewSelection {
  /** Only captions of lower quality. */
  readonly below: number;
  /** No more than so many, the worst first. */
  readonly limit: number;
}

/** Streams a ledger as `trainer translate` writes it.
 * @throws {InputError} naming file and line of what is none. */
export function readLedger(path: string): AsyncGenerator<ReviewItem> {
  return readJsonLines<ReviewItem>(path, entry);
}

/** The worst captions of a ledger, worst first, equals in the ledger's order; never more than twice `limit` in memory. */
export async function selectItems(path: string, { below, limit }: ReviewSelection): Promise<ReviewItem[]> {
  let worst: ReviewItem[] = [];
  const cut = (): ReviewItem[] => worst.sort((a, b) => a.quality - b.quality).slice(0, limit);
  for await (const item of readLedger(path)) {
    if (item.quality >= below) continue;
    worst.push(item);
    if (worst.length >= 2 * limit) worst = cut();
  }
  return cut();
}
