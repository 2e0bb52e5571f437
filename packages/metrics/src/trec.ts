import { InputError, readLines } from '@azclip/base';

import { DuplicateIdError, UnknownIdError } from './errors.ts';
import type { Ranking } from './ranking.ts';

/** Judgements: relevance by item id, by query id. 1 and above is relevant, 0 is not, below 0 was not judged. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What a system returned: score by item id, by query id. */
export type Run = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A line of a TREC file that is not what it should be. */
export class TrecFormatError extends InputError {
  override readonly name = 'TrecFormatError';
}

/** Reads judgements in the format of TREC: `query iteration item relevance`, whole numbers.
 * @throws {TrecFormatError | DuplicateIdError} naming file and line. */
export async function readQrels(path: string): Promise<Qrels> {
  const expected = 'query, iteration, item and a whole-number relevance';
  return readTable(path, 4, 3, expected, (text) => (/^[+-]?\d+$/u.test(text) ? Number(text) : NaN));
}

/** Reads a run in the format of TREC: `query Q0 item rank score name`. What follows the name is ignored, and so is the
 * rank: as in trec_eval, the score alone orders.
 * @throws {TrecFormatError | DuplicateIdError} naming file and line. */
export async function readRun(path: string): Promise<Run> {
  return readTable(path, 6, 4, 'query, Q0, item, rank, a score and the name of the run', Number);
}

async function readTable(
  path: string,
  columns: number,
  column: number,
  expected: string,
  parse: (text: string) => number,
): Promise<Map<string, Map<string, number>>> {
  const table = new Map<string, Map<string, number>>();
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const fields = text.trim().split(/\s+/u);
    const [query = '', , item = ''] = fields;
    const value = parse(fields[column] ?? '');
    if (fields.length < columns || Number.isNaN(value)) {
      throw new TrecFormatError(`${path}:${String(number)}: expected ${expected}, got ${JSON.stringify(text)}`);
    }
    const row = table.get(query) ?? new Map<string, number>();
    if (row.has(item)) throw new DuplicateIdError(`${path}:${String(number)}: ${query} ${item} stands there twice`);
    table.set(query, row.set(item, value));
  }
  return table;
}

/** What `rankRun` may be told. */
export interface RankRunOptions {
  /** Relevance from which an item counts as positive. */
  readonly relevantFrom?: number;
  /** Items of a list that count; absent: all. */
  readonly depth?: number;
  /** A query that is judged but not in the run: an empty list, which scores 0, or left out. */
  readonly missing?: 'empty' | 'skip';
}

/** Ranks the items of a run by descending score, equal scores by descending id as in trec_eval.
 * @returns one ranking for each query of `qrels`, by query id.
 * @throws {UnknownIdError} if the run holds a query that was never judged. */
export function rankRun(qrels: Qrels, run: Run, options: RankRunOptions = {}): ReadonlyMap<string, Ranking> {
  for (const query of run.keys()) {
    if (!qrels.has(query)) throw new UnknownIdError(`run: query ${query} is not among the judged ones`);
  }
  const judged = [...qrels].filter(([query]) => options.missing !== 'skip' || run.has(query));
  return new Map(judged.map(([query, items]) => [query, rankQuery(items, run.get(query) ?? new Map(), options)]));
}

function rankQuery(
  judged: ReadonlyMap<string, number>,
  scores: ReadonlyMap<string, number>,
  { relevantFrom = 1, depth = Infinity }: RankRunOptions,
): Ranking {
  const order = [...scores].sort(([idA, a], [idB, b]) => b - a || (idA < idB ? 1 : -1)).slice(0, depth);
  const [ranks, gains, above]: [number[], number[], number[]] = [[], [], []];
  let negatives = 0;
  order.forEach(([id], index) => {
    const relevance = judged.get(id) ?? -1;
    if (relevance >= relevantFrom) {
      ranks.push(index + 1);
      gains.push(relevance);
      above.push(negatives);
    } else if (relevance >= 0) negatives += 1;
  });
  const values = [...judged.values()];
  const idealGains = values.filter((value) => value >= relevantFrom).sort((a, b) => b - a);
  const total = values.filter((value) => value >= 0).length - idealGains.length;
  return { ranks, gains, idealGains, size: order.length, negatives: { above, total } };
}
