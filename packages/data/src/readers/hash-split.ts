import { mixSeed } from '@azclip/base';

import type { Split } from '../pair.ts';

/** Parts of a set that are drawn by chance; the rest is `train`. */
export interface SplitFractions {
  readonly dev: number;
  readonly test: number;
}

/** The part of an image by the hash of its id: it stays the same whatever other images come or go. */
export function hashSplit(imageId: string, { dev, test }: SplitFractions): Split {
  const place = mixSeed(0, imageId) / 2 ** 32;
  if (place < test) return 'test';
  return place < test + dev ? 'dev' : 'train';
}
