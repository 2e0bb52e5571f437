import { LengthError } from './errors.ts';

/** Groups of queries, numbered from 0 in the order in which they are met. */
export interface Groups {
  /** Number of the group of each query. */
  readonly groupOf: Int32Array;
  /** Number of groups. */
  readonly count: number;
}

/** Numbers the groups of queries.
 * @param names - group of each query; absent: every query is its own.
 * @throws {LengthError} if there is not one name a query, or no query. */
export function numberGroups(names: ArrayLike<number | string> | undefined, queries: number): Groups {
  if (queries < 1) throw new LengthError('expected at least one query, got none');
  if (names === undefined) return { groupOf: Int32Array.from({ length: queries }, (_, i) => i), count: queries };
  if (names.length !== queries) {
    throw new LengthError(`groups: expected one for each of ${String(queries)} queries, got ${String(names.length)}`);
  }
  const numbers = new Map<number | string, number>();
  const groupOf = Int32Array.from(names as ArrayLike<never>, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { groupOf, count: numbers.size };
}
