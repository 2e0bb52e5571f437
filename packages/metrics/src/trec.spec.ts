import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuplicateIdError, UnknownIdError } from './errors.ts';
import { averagePrecision } from './measures/average-precision.ts';
import { bpref } from './measures/bpref.ts';
import { hitAtK } from './measures/hit.ts';
import { ndcgAtK } from './measures/ndcg.ts';
import { precisionAtK } from './measures/precision.ts';
import { rPrecision } from './measures/r-precision.ts';
import { recallAtK } from './measures/recall.ts';
import { reciprocalRank } from './measures/reciprocal-rank.ts';
import type { Ranking } from './ranking.ts';
import { rankRun, readQrels, readRun } from './trec.ts';

const folder = join(__dirname, '../../../../shared/data/golden');
const present = existsSync(folder);
const whenPresent = present ? describe : describe.skip;
if (!present) it.todo('compare with trec_eval and ranx: ../shared/data/golden is missing');

const plain: Readonly<Record<string, (ranking: Ranking) => number>> = {
  num_ret: ({ size }) => size,
  num_rel: ({ idealGains }) => idealGains.length,
  num_rel_ret: ({ ranks }) => ranks.length,
  map: averagePrecision,
  Rprec: rPrecision,
  bpref,
  recip_rank: reciprocalRank,
  ndcg: ndcgAtK,
};
const cut: Readonly<Record<string, (ranking: Ranking, k: number) => number>> = {
  P: precisionAtK,
  recall: recallAtK,
  ndcg_cut: ndcgAtK,
  map_cut: averagePrecision,
  success: hitAtK,
};

/** Our value of a measure that trec_eval names; nothing where only trec_eval has it. */
function ours(name: string, ranking: Ranking): number | undefined {
  const [, stem = '', k] = /^(.+)_(\d+)$/u.exec(name) ?? [];
  return cut[stem]?.(ranking, Number(k)) ?? plain[name]?.(ranking);
}

const sums = new Set(['num_ret', 'num_rel', 'num_rel_ret']);

/** Lines of trec_eval that we have too, and how ours print. */
async function compare(file: string, rankings: ReadonlyMap<string, Ranking>): Promise<[string[], string[]]> {
  const lines = (await readFile(join(folder, 'trec_eval', file), 'utf8')).trim().split('\n');
  const pairs = lines.flatMap((line) => {
    const [name = '', query = '', value = ''] = line.trim().split(/\s+/u);
    const chosen = query === 'all' ? [...rankings.values()] : [rankings.get(query)];
    const values = chosen.map((ranking) => (ranking ? ours(name, ranking) : NaN));
    if (values.some((one) => one === undefined)) return [];
    const sum = values.reduce((total: number, one) => total + (one ?? NaN), 0);
    const printed = sums.has(name) ? String(sum) : (sum / values.length).toFixed(4);
    return [[`${name} ${query} ${value}`, `${name} ${query} ${printed}`] as const];
  });
  return [pairs.map(([theirs]) => theirs), pairs.map(([, mine]) => mine)];
}

whenPresent('beside trec_eval, to the printed digit, per query and over all', () => {
  const qrels = (): ReturnType<typeof readQrels> => readQrels(join(folder, 'trec_eval/qrels.test'));
  const run = (file: string): ReturnType<typeof readRun> => readRun(join(folder, 'trec_eval', file));

  it('scores a run', async () => {
    const [theirs, mine] = await compare('out.test.aq', rankRun(await qrels(), await run('results.test')));
    expect(mine).toEqual(theirs);
    expect(mine.length).toBeGreaterThan(4 * 40);
  });

  it('gives 0 to a query that a run leaves out (-c)', async () => {
    const [theirs, mine] = await compare('out.test.aqc', rankRun(await qrels(), await run('results.trunc')));
    expect(mine).toEqual(theirs);
  });

  it('cuts the lists (-M 100)', async () => {
    const rankings = rankRun(await qrels(), await run('results.trunc'), { depth: 100 });
    const [theirs, mine] = await compare('out.test.aqcM', rankings);
    expect(mine).toEqual(theirs);
  });
});

whenPresent('beside ranx', () => {
  it('reads the same judgements and the same run as its JSON files', async () => {
    const json = async (name: string): Promise<Record<string, Record<string, number>>> =>
      JSON.parse(await readFile(join(folder, 'ranx', name), 'utf8')) as Record<string, Record<string, number>>;
    const plainOf = (table: ReadonlyMap<string, ReadonlyMap<string, number>>): object =>
      Object.fromEntries([...table].map(([query, items]) => [query, Object.fromEntries(items)]));
    expect(plainOf(await readQrels(join(folder, 'ranx/qrels.trec')))).toEqual(await json('qrels.json'));
    expect(plainOf(await readRun(join(folder, 'ranx/run.trec')))).toEqual(await json('run.json'));
  });

  it('finds its run, sorted by falling relevance, perfect', async () => {
    const rankings = rankRun(
      await readQrels(join(folder, 'ranx/qrels.trec')),
      await readRun(join(folder, 'ranx/run.trec')),
    );
    for (const ranking of rankings.values()) {
      expect([ndcgAtK(ranking), averagePrecision(ranking), reciprocalRank(ranking)]).toEqual([1, 1, 1]);
    }
  });
});

describe('rankRun', () => {
  const table = (rows: Record<string, Record<string, number>>): Map<string, Map<string, number>> =>
    new Map(Object.entries(rows).map(([query, items]) => [query, new Map(Object.entries(items))]));

  it('orders equal scores by descending id', () => {
    const ranking = rankRun(table({ q: { a: 1, b: 0 } }), table({ q: { a: 0.5, b: 0.5 } })).get('q');
    expect(ranking?.ranks).toEqual([2]); // b before a
  });

  it('counts only judged negatives above a positive', () => {
    const run = table({ q: { unjudged: 4, negative: 3, unpooled: 2, positive: 1 } });
    const ranking = rankRun(table({ q: { positive: 2, negative: 0, unpooled: -1, other: 0 } }), run).get('q');
    expect(ranking?.ranks).toEqual([4]);
    expect(ranking?.negatives).toEqual({ above: [1], total: 2 });
  });

  it('takes the level from which an item is relevant', () => {
    const qrels = table({ q: { a: 1, b: 3 } });
    const ranking = rankRun(qrels, table({ q: { a: 2, b: 1 } }), { relevantFrom: 2 }).get('q');
    expect(ranking).toMatchObject({ ranks: [2], gains: [3], idealGains: [3], negatives: { above: [1], total: 1 } });
  });

  it('leaves out queries that the run does not hold, if asked, and refuses those that were not judged', () => {
    expect([...rankRun(table({ q: { a: 1 } }), table({}), { missing: 'skip' }).keys()]).toEqual([]);
    expect(rankRun(table({ q: { a: 1 } }), table({})).get('q')?.ranks).toEqual([]);
    expect(() => rankRun(table({}), table({ q: { a: 1 } }))).toThrow(UnknownIdError);
  });
});

describe('a broken file', () => {
  const fileOf = async (content: string): Promise<string> => {
    const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'x.trec');
    await writeFile(path, content);
    return path;
  };

  it.each([
    ['too few columns', 'q1 0 d1 1\nq1 0 d2\n', 'q1 0 d2'],
    ['a relevance that is no whole number', 'q1 0 d1 1\nq1 0 d2 high\n', 'q1 0 d2 high'],
  ])('with %s is named with its line', async (_, content, got) => {
    const path = await fileOf(content);
    const expected = 'expected query, iteration, item and a whole-number relevance';
    await expect(readQrels(path)).rejects.toThrow(`${path}:2: ${expected}, got "${got}"`);
  });

  it('with an item twice, or a score that is no number, is named with its line', async () => {
    const twice = await fileOf('q Q0 d 1 .5 run\nq Q0 d 2 .4 run\n');
    await expect(readRun(twice)).rejects.toThrow(DuplicateIdError);
    const path = await fileOf('q Q0 d 1 nan run\n');
    await expect(readRun(path)).rejects.toThrow(`${path}:1: expected`);
  });
});
