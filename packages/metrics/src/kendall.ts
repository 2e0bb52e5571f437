import { LengthError, ScoreError } from './errors.ts';

/** Kendall's rank correlations of two variables. */
export interface KendallTau {
  /** Corrects for ties on either side. */
  readonly tauB: number;
  /** Corrects for the number of grades: can reach 1 when one side has few values (Stuart). */
  readonly tauC: number;
}

/** How well the scores of pairs agree with the grades that people gave them: concordant minus discordant pairs, over
 * the number possible. O(n · grades · log n).
 * @param scores - any numbers.  @param grades - of few distinct values.
 * @throws {LengthError | ScoreError}
 * @see Kendall 1945 — https://doi.org/10.1093/biomet/33.3.239; Stuart 1953 — https://doi.org/10.1093/biomet/40.1-2.105 */
export function kendallTau(scores: ArrayLike<number>, grades: ArrayLike<number>): KendallTau {
  if (scores.length !== grades.length || scores.length < 2) {
    const got = `${String(scores.length)} scores and ${String(grades.length)} grades`;
    throw new LengthError(`expected at least two pairs of score and grade, got ${got}`);
  }
  const levels = distinct(grades);
  const n = scores.length;
  const { concordant, discordant } = countPairs(scores, grades, levels);
  const all = (n * (n - 1)) / 2;
  const untied = (values: ArrayLike<number>): number => all - tiedPairs(values);
  const fewer = Math.min(levels.length, distinct(scores).length);
  return {
    tauB: (concordant - discordant) / Math.sqrt(untied(scores) * untied(grades)),
    tauC: (2 * (concordant - discordant) * fewer) / (n * n * (fewer - 1)),
  };
}

/** Counts the pairs that scores and grades order the same way, and the opposite way. */
function countPairs(
  scores: ArrayLike<number>,
  grades: ArrayLike<number>,
  levels: readonly number[],
): { concordant: number; discordant: number } {
  const level = new Map(levels.map((grade, i) => [grade, i]));
  const order = Int32Array.from(scores as ArrayLike<never>, (_, i) => i);
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const below = new Float64Array(levels.length); // items of lower score, by grade
  const same = new Float64Array(levels.length); // items of the current score, not yet below
  let [concordant, discordant, current] = [0, 0, NaN];
  for (const i of order) {
    if (scores[i] !== current) {
      below.forEach((count, grade) => (below[grade] = count + (same[grade] as number)));
      same.fill(0);
      current = scores[i] as number;
    }
    const mine = level.get(grades[i] as number) as number;
    below.forEach((count, grade) => {
      if (grade < mine) concordant += count;
      else if (grade > mine) discordant += count;
    });
    same[mine] = (same[mine] as number) + 1;
  }
  return { concordant, discordant };
}

/** Pairs of equal values. */
function tiedPairs(values: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (const value of Array.from(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

/** The distinct values, ascending.
 * @throws {ScoreError} if one is NaN. */
function distinct(values: ArrayLike<number>): number[] {
  const sorted = [...new Set(Array.from(values))].sort((a, b) => a - b);
  if (sorted.some(Number.isNaN)) throw new ScoreError('expected numbers, got NaN');
  return sorted;
}
