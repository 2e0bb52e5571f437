import type { Pair, Split } from '@azclip/data';
import { protocolLine, splitFingerprint, type Protocol } from '@azclip/metrics';

/** How good a finished run is. */
export interface FinalResults {
  /** By part and name, such as `dev/text-to-image/recall@1`; in 0 … 1, ranks in 1 … gallery. */
  readonly scores: Readonly<Record<string, number>>;
  /** What the scores of a part and direction, such as `dev/text-to-image`, were measured on. */
  readonly protocols: Readonly<Record<string, string>>;
}

/** What the scores of each part and direction, such as `dev/text-to-image`, were measured on, one line each: they compare
 * with other scores where these lines are equal. */
export function scoreProtocols(parts: Readonly<Partial<Record<Split, readonly Pair[]>>>): Record<string, string> {
  const scored = Object.entries(parts).filter(([, pairs]) => pairs.length > 0);
  return Object.fromEntries(
    scored.flatMap(([split, pairs]) => [
      [`${split}/text-to-image`, protocolLine(protocolOfParts(pairs, 'text→image'))],
      [`${split}/image-to-text`, protocolLine(protocolOfParts(pairs, 'image→text'))],
    ]),
  );
}

/** Every caption of an image is a positive of it; a caption has one positive, its image. */
function protocolOfParts(pairs: readonly Pair[], direction: Protocol['direction']): Protocol {
  const counts = pairs.map(({ captions }) => captions.length);
  const texts = counts.reduce((sum, count) => sum + count, 0);
  const of = { direction, withoutPositives: 0, cutoff: 10, split: splitFingerprint(pairs) };
  const ties = 'a negative stands before a positive of the same score';
  if (direction === 'text→image') {
    return { ...of, ties, gallery: pairs.length, queries: texts, positivesPerQuery: { min: 1, mean: 1, max: 1 } };
  }
  const [min, max] = counts.reduce(
    ([low, high], count) => [Math.min(low, count), Math.max(high, count)],
    [Infinity, 0],
  );
  const positivesPerQuery = { min, mean: texts / pairs.length, max };
  return { ...of, ties, gallery: texts, queries: pairs.length, positivesPerQuery };
}
