import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Matrix } from 'ml-matrix';

import { meanOf } from './aggregate.ts';
import { averagePrecision } from './measures/average-precision.ts';
import { hitAtK } from './measures/hit.ts';
import { ndcgAtK } from './measures/ndcg.ts';
import { precisionAtK } from './measures/precision.ts';
import { recallAtK } from './measures/recall.ts';
import { reciprocalRank } from './measures/reciprocal-rank.ts';
import { rankPositives } from './rank-positives.ts';
import type { Ranking } from './ranking.ts';
import { scoresOfMatrix } from './score-rows.ts';

const path = join(__dirname, '../../../../shared/golden/metrics.json');
const whenPresent = existsSync(path) ? describe : describe.skip;
if (!existsSync(path)) it.todo('compare with torchmetrics: ../shared/golden/metrics.json is missing');

/** The numbers that the golden values were computed on: FNV-1a of a name, steps of the golden ratio, murmur3 finalizer. */
function uniform(name: string, count: number): number[] {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return Array.from({ length: count }, (_, i) => {
    let x = (hash + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (((x ^ (x >>> 16)) >>> 0) / 2 ** 32) * 2 - 1;
  });
}

const measures: Readonly<Record<string, (ranking: Ranking, k?: number) => number>> = {
  map: (ranking, k) => averagePrecision(ranking, k, 'found'),
  mrr: reciprocalRank,
  ndcg: ndcgAtK,
  precision: precisionAtK,
  recall: recallAtK,
  hit_rate: (ranking, k) => hitAtK(ranking, k ?? ranking.size),
};

/** In these, torchmetrics takes an item that scores 0 or less for not retrieved, which cosines have no reason to be. */
const onlyAboveZero = new Set(['map', 'mrr', 'precision', 'recall']);

/** The ranking without the positives beyond the first `retrieved` ranks. */
const retrievedOf = (ranking: Ranking, retrieved: number): Ranking => {
  return { ...ranking, ranks: Array.from(ranking.ranks).filter((rank) => rank <= retrieved) };
};

whenPresent('beside torchmetrics', () => {
  it('agrees on every measure and cut-off', async () => {
    const golden = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number> & { relevant: number[][] };
    const scores = Matrix.from1DArray(20, 50, uniform('scores', 1000));
    const positives = golden.relevant.map((row) => row.flatMap((right, item) => (right > 0 ? [item] : [])));
    const whole = await rankPositives(scoresOfMatrix(scores), positives);
    const aboveZero = whole.map((ranking, query) => {
      return retrievedOf(ranking, scores.getRow(query).filter((score) => score > 0).length);
    });
    const names = Object.keys(golden).filter((name) => name.includes('@'));
    const ours = names.map((name) => {
      const [measure = '', k = ''] = name.split('@');
      const cutoff = k === 'None' ? undefined : Number(k);
      const rankings = onlyAboveZero.has(measure) ? aboveZero : whole;
      return meanOf(rankings, (ranking) => measures[measure]?.(ranking, cutoff) ?? NaN);
    });
    expect(names).toHaveLength(30);
    expect(ours).toBeAllClose(
      names.map((name) => golden[name] ?? NaN),
      1e-6, // theirs are float32 means
    );
  });
});
