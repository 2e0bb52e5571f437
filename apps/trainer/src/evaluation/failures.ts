import type { Pair } from '@azclip/data';
import { dotScores, type Ranking, topK } from '@azclip/metrics';

/** A query that went wrong, and what was found instead. */
export interface Failure {
  /** The caption. */
  readonly query: string;
  /** Rank of its image. */
  readonly rank: number;
  /** The image that is right. */
  readonly right: FoundImage;
  /** The best images, best first. */
  readonly found: readonly FoundImage[];
}

/** An image and how well it fits. */
export interface FoundImage {
  readonly imageId: string;
  /** Cosine with the query. */
  readonly score: number;
  /** Row of the gallery. */
  readonly index: number;
  /** A caption of it, to be read beside the query. */
  readonly caption: string;
}

/** Features of a set and what they are of. */
export interface EmbeddedSet {
  readonly pairs: readonly Pair[];
  readonly captions: readonly string[];
  /** Row of the image of each caption. */
  readonly imageOfText: Int32Array;
  /** [images, dim] */
  readonly imageFeatures: Float32Array;
  /** [captions, dim] */
  readonly textFeatures: Float32Array;
  readonly dim: number;
}

const SHOWN = 5;

/** Lists the queries whose image stands furthest down, at most one an image.
 * @param rankings - of the captions. */
export function worstQueries(set: EmbeddedSet, rankings: readonly Ranking[], count: number): Failure[] {
  const order = Array.from(rankings.keys()).sort((a, b) => rankOf(rankings, b) - rankOf(rankings, a) || a - b);
  const seen = new Set<number>();
  const worst = order.filter((text) => {
    const image = set.imageOfText[text] ?? -1;
    return rankOf(rankings, text) > 1 && !seen.has(image) && seen.add(image);
  });
  return worst.slice(0, count).map((text) => describe(set, text, rankOf(rankings, text)));
}

function describe(set: EmbeddedSet, text: number, rank: number): Failure {
  const { dim, imageFeatures, textFeatures, pairs } = set;
  const scores = dotScores(textFeatures.subarray(text * dim, (text + 1) * dim), imageFeatures, dim);
  const found = (index: number): FoundImage => ({
    imageId: pairs[index]?.imageId ?? '',
    caption: pairs[index]?.captions[0] ?? '',
    score: scores[index] ?? NaN,
    index,
  });
  const best = Array.from(topK(scores, Math.min(SHOWN, scores.length)), found);
  return { query: set.captions[text] ?? '', rank, right: found(set.imageOfText[text] ?? 0), found: best };
}

const rankOf = (rankings: readonly Ranking[], text: number): number => rankings[text]?.ranks[0] ?? 0;
