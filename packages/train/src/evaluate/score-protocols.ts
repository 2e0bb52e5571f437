import type { Pair, Split } from '@azclip/data';
import { protocolLine, protocolOfCounts, splitFingerprint, type Protocol } from '@azclip/metrics';

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
      [`${split}/text-to-image`, protocolLine(protocolOfPart(pairs, 'text→image'))],
      [`${split}/image-to-text`, protocolLine(protocolOfPart(pairs, 'image→text'))],
    ]),
  );
}

/** Every caption of an image is a positive of it; a caption has one positive, its image. */
function protocolOfPart(pairs: readonly Pair[], direction: Protocol['direction']): Protocol {
  const captions = pairs.map((pair) => pair.captions.length);
  const texts = pairs.flatMap((pair) => pair.captions.map(() => 1));
  const stamp = { direction, cutoff: 10, split: splitFingerprint(pairs) };
  return direction === 'text→image'
    ? protocolOfCounts(texts, { ...stamp, gallery: pairs.length })
    : protocolOfCounts(captions, { ...stamp, gallery: texts.length });
}
