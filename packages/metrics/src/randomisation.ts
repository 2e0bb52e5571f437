import type { Random } from '@azclip/base';

import { LengthError } from './errors.ts';
import { numberGroups } from './groups.ts';

/** What a paired test found. */
export interface PairedTest {
  /** Mean of the first run minus mean of the second. */
  readonly difference: number;
  /** Share of the relabellings whose difference is at least as large either way: how easily chance makes it. */
  readonly pValue: number;
  /** Relabellings that were drawn. */
  readonly permutations: number;
}

/** Tests whether two runs over the same queries differ by more than chance: under the null hypothesis the labels of the
 * two runs may be swapped on any query, so they are, at random, `permutations` times (two-sided; the observed labelling
 * counts as one, so that p is never 0).
 * @param first - value of a measure on each query.  @param second - of the other run, on the same queries in the same order.
 * @param options - `groups`: group of each query; whole groups swap, as captions of one image are not independent.
 * @throws {LengthError} if the two are not of one length.
 * @see Smucker, Allan and Carterette 2007 — https://doi.org/10.1145/1321440.1321528 */
export function pairedRandomisationTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  random: Random,
  options: { readonly groups?: ArrayLike<number | string>; readonly permutations?: number } = {},
): PairedTest {
  const { permutations = 10_000 } = options;
  if (first.length !== second.length) {
    throw new LengthError(
      `expected runs over the same queries, got ${String(first.length)} and ${String(second.length)}`,
    );
  }
  const { groupOf, count } = numberGroups(options.groups, first.length);
  const sums = new Float64Array(count);
  groupOf.forEach((group, i) => {
    sums[group] = (sums[group] as number) + (first[i] as number) - (second[i] as number);
  });
  const moving = sums.filter((sum) => sum !== 0); // the others change nothing whichever way they swap
  const observed = sums.reduce((total, sum) => total + sum, 0);
  const bound = Math.abs(observed) * (1 - 1e-12); // sums in another order may round lower
  let extreme = 0;
  for (let i = 0; i < permutations; i += 1) if (Math.abs(swapped(moving, random)) >= bound) extreme += 1;
  return { difference: observed / first.length, pValue: (extreme + 1) / (permutations + 1), permutations };
}

/** The sum of `differences` with random signs, 30 to a draw. */
function swapped(differences: Float64Array, random: Random): number {
  let total = 0;
  let bits = 0;
  for (let i = 0; i < differences.length; i += 1) {
    bits = i % 30 === 0 ? random.integer(2 ** 30) : bits >>> 1;
    total += (bits & 1) === 1 ? (differences[i] as number) : -(differences[i] as number);
  }
  return total;
}
