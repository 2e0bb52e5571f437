import type { Random } from '@azclip/base';

import { valuesOf } from './aggregate.ts';
import { bootstrap, type Interval, meanStatistic, medianStatistic, type Statistic } from './bootstrap.ts';
import { checkCutoffs } from './cutoff.ts';
import { averagePrecision } from './measures/average-precision.ts';
import { bpref } from './measures/bpref.ts';
import { hitAtK } from './measures/hit.ts';
import { ndcgAtK } from './measures/ndcg.ts';
import { PAPER_CUTOFF, paperMaf1, paperMap, paperMar, paperTopK, tableMaf1 } from './measures/paper.ts';
import { precisionAtK } from './measures/precision.ts';
import { rPrecision } from './measures/r-precision.ts';
import { recallAtK } from './measures/recall.ts';
import { firstRank, reciprocalRank } from './measures/reciprocal-rank.ts';
import { type Protocol, protocolOf } from './protocol.ts';
import type { Ranking } from './ranking.ts';

/** Scores of one set of queries, each with its interval, and what they were measured on. */
export interface ScoreCard {
  /** Gallery, queries, positives, K, split. */
  readonly protocol: Protocol;
  /** By the name of the measure. */
  readonly scores: Readonly<Record<string, Interval>>;
}

/** What a score card needs besides the rankings. */
export interface ScoreCardOptions {
  /** What is searched with what. */
  readonly direction: Protocol['direction'];
  /** `splitFingerprint` of the pairs. */
  readonly split: string;
  /** For the resampling. */
  readonly random: Random;
  /** Cut-offs of R@k, P@k, recall@k and nDCG@k; absent: those of 1, 5 and 10 that the gallery holds. */
  readonly cutoffs?: readonly number[];
  /** K of the paper's measures; absent: 15, or the gallery where it is smaller. */
  readonly paperCutoff?: number;
  /** Group of each ranking, for the intervals; see `bootstrap`. */
  readonly groups?: readonly (number | string)[];
  /** Samples of the bootstrap. */
  readonly resamples?: number;
}

/** Scores rankings of one gallery by every measure, with bootstrap intervals at 95 %. Queries without positives are
 * left out and counted in the protocol.
 * @throws {CutoffError} if a cut-off is larger than the gallery.
 * @throws {EmptyGalleryError} if no query has positives.  @throws {LengthError} if groups do not fit. */
export function scoreCard(rankings: readonly Ranking[], options: ScoreCardOptions): ScoreCard {
  const gallery = rankings[0]?.size ?? 0;
  const cutoffs = options.cutoffs ?? [1, 5, 10].filter((k) => k <= gallery);
  const cutoff = options.paperCutoff ?? Math.min(PAPER_CUTOFF, gallery);
  const protocol = protocolOf(rankings, { direction: options.direction, gallery, cutoff, split: options.split });
  checkCutoffs([...cutoffs, cutoff], gallery);
  const statistics = { ...standardStatistics(rankings, cutoffs), ...paperStatistics(rankings, cutoff, cutoffs) };
  const groups = options.groups?.filter((_, i) => (rankings[i]?.idealGains.length ?? 1) > 0);
  const scores = bootstrap(statistics, protocol.queries, options.random, {
    ...(groups && { groups }),
    ...(options.resamples !== undefined && { resamples: options.resamples }),
  });
  return { protocol, scores };
}

function standardStatistics(rankings: readonly Ranking[], cutoffs: readonly number[]): Record<string, Statistic> {
  const mean = (measure: (ranking: Ranking) => number): Statistic => meanStatistic(valuesOf(rankings, measure));
  const byCutoff = (name: string, measure: (ranking: Ranking, k: number) => number): [string, Statistic][] =>
    cutoffs.map((k) => [`${name}@${String(k)}`, mean((ranking) => measure(ranking, k))]);
  const firstRanks = valuesOf(rankings, firstRank);
  return {
    ...Object.fromEntries(byCutoff('R', hitAtK)),
    MRR: mean(reciprocalRank),
    MAP: mean(averagePrecision),
    'median rank': medianStatistic(firstRanks),
    'mean rank': meanStatistic(firstRanks),
    ...Object.fromEntries(byCutoff('precision', precisionAtK)),
    ...Object.fromEntries(byCutoff('recall', recallAtK)),
    ...Object.fromEntries(byCutoff('nDCG', ndcgAtK)),
    'R-precision': mean(rPrecision),
    bpref: mean(bpref),
  };
}

function paperStatistics(
  rankings: readonly Ranking[],
  cutoff: number,
  cutoffs: readonly number[],
): Record<string, Statistic> {
  const mean = (measure: (ranking: Ranking) => number): Statistic => meanStatistic(valuesOf(rankings, measure));
  const map = mean((ranking) => paperMap(ranking, cutoff));
  const mar = mean((ranking) => paperMar(ranking, cutoff));
  const tops = cutoffs.map((k): [string, Statistic] => {
    return [`paper Top-${String(k)}`, mean((ranking) => paperTopK(ranking, k))];
  });
  return {
    'paper MAP': map,
    'paper MAR': mar,
    'paper MAF1': mean((ranking) => paperMaf1(ranking, cutoff)),
    'table MAF1': (weights) => tableMaf1(map(weights), mar(weights)),
    ...Object.fromEntries(tops),
  };
}
