import { createHash } from 'node:crypto';

import { EmptyGalleryError } from './errors.ts';
import type { Ranking } from './ranking.ts';

/** What a score means only together with: two scores compare where these are equal. */
export interface Protocol {
  /** What is searched with what. */
  readonly direction: 'text→image' | 'image→text';
  /** Items searched. */
  readonly gallery: number;
  /** Queries scored. */
  readonly queries: number;
  /** Queries left out because nothing in the gallery is right for them. */
  readonly withoutPositives: number;
  /** Positives of the scored queries. */
  readonly positivesPerQuery: { readonly min: number; readonly mean: number; readonly max: number };
  /** Cut-off K of the paper's measures. */
  readonly cutoff: number;
  /** How equal scores are ordered. */
  readonly ties: string;
  /** `splitFingerprint` of the pairs. */
  readonly split: string;
}

/** What a protocol is of, beside its queries. */
export type ProtocolStamp = Pick<Protocol, 'direction' | 'gallery' | 'cutoff' | 'split'>;

/** Describes a set of rankings of one gallery.
 * @throws {EmptyGalleryError} if no query has positives. */
export function protocolOf(rankings: readonly Ranking[], stamp: ProtocolStamp): Protocol {
  return protocolOfCounts(
    rankings.map(({ idealGains }) => idealGains.length),
    stamp,
  );
}

/** Describes queries of one gallery.
 * @param counts - positives of each query.
 * @throws {EmptyGalleryError} if no query has positives. */
export function protocolOfCounts(counts: readonly number[], stamp: ProtocolStamp): Protocol {
  const positives = counts.filter((count) => count > 0);
  if (positives.length === 0) throw new EmptyGalleryError('expected queries with positives, got none');
  const range = positives.reduce(
    ({ min, max, sum }, count) => ({ min: Math.min(min, count), max: Math.max(max, count), sum: sum + count }),
    { min: Infinity, max: 0, sum: 0 },
  );
  return {
    ...stamp,
    queries: positives.length,
    withoutPositives: counts.length - positives.length,
    positivesPerQuery: { min: range.min, mean: range.sum / positives.length, max: range.max },
    ties: 'a negative stands before a positive of the same score',
  };
}

/** Writes a protocol as one line, to stand beside every printed score. */
export function protocolLine(protocol: Protocol): string {
  const { min, mean, max } = protocol.positivesPerQuery;
  const positives = min === max ? String(min) : `${mean.toFixed(2)} (${String(min)}–${String(max)})`;
  const left = protocol.withoutPositives > 0 ? `, ${String(protocol.withoutPositives)} without positives left out` : '';
  return (
    `${protocol.direction}, gallery ${String(protocol.gallery)}, queries ${String(protocol.queries)}${left}, ` +
    `positives per query ${positives}, K ${String(protocol.cutoff)}, split ${protocol.split}`
  );
}

/** Fingerprint of a split: 12 hex digits of SHA-256 over its image ids and their captions, whatever their order.
 * Equal fingerprints mean the same ids and captions; pixels are not read, so give other images other ids. */
export function splitFingerprint(
  pairs: readonly { readonly imageId: string; readonly captions: readonly string[] }[],
): string {
  const records = pairs.map(({ imageId, captions }) => JSON.stringify([imageId, ...[...captions].sort()]));
  const hash = createHash('sha256');
  for (const record of records.sort()) hash.update(`${record}\n`);
  return hash.digest('hex').slice(0, 12);
}
