import { MaxHeap } from './max-heap.ts';
import { continuation } from './word-piece-json.ts';

/** A word cut into pieces, and how often it occurs. */
export interface CountedWord {
  /** The pieces, first to last. */
  readonly pieces: readonly string[];
  /** Occurrences. */
  readonly count: number;
}

/** A pair of neighbouring pieces with what is known of it. */
interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  readonly words: Set<number>;
}

/** An entry of the heap: a pair with the count that it had. */
interface Candidate {
  readonly pair: Pair;
  readonly count: number;
}

/** Byte-pair encoding over characters: again and again joins the pair of neighbouring pieces that occurs most often.
 * Equal counts are decided by the order in which the pieces arose, so the same words give the same pieces.
 * @param words - their pieces are all in `alphabet`.
 * @param limits - `pieces`: how many new ones at most; `minCount`: rarer pairs are not joined.
 * @returns the new pieces, in the order in which they arose.
 * @see Sennrich, Haddow, Birch 2016, algorithm 1 — https://arxiv.org/abs/1508.07909 */
export function mergePairs(
  words: readonly CountedWord[],
  alphabet: readonly string[],
  limits: { readonly pieces: number; readonly minCount: number },
): string[] {
  const table = new PairTable(words, alphabet);
  const merged: string[] = [];
  while (merged.length < limits.pieces) {
    const pair = table.mostFrequent();
    if (!pair || pair.count < limits.minCount) break;
    const fresh = table.join(pair);
    if (fresh !== undefined) merged.push(fresh);
  }
  return merged;
}

/** The words as piece numbers, with every neighbouring pair counted and kept up to date. */
class PairTable {
  readonly #names: string[];
  readonly #numbers: Map<string, number>;
  readonly #words: number[][];
  readonly #counts: number[];
  readonly #pairs = new Map<number, Pair>();
  readonly #heap = new MaxHeap<Candidate>((a, b) =>
    a.count === b.count
      ? a.pair.left < b.pair.left || (a.pair.left === b.pair.left && a.pair.right < b.pair.right)
      : a.count > b.count,
  );

  constructor(words: readonly CountedWord[], alphabet: readonly string[]) {
    this.#names = [...alphabet];
    this.#numbers = new Map(alphabet.map((piece, number) => [piece, number]));
    this.#words = words.map(({ pieces }) => pieces.map((piece) => this.#numbers.get(piece) ?? -1));
    this.#counts = words.map(({ count }) => count);
    const touched = new Set<Pair>();
    this.#words.forEach((_, word) => {
      this.#count(word, 1, touched);
    });
    this.#offer(touched);
  }

  /** The pair with the highest count, taken from the heap; counts that have changed since are passed over. */
  mostFrequent(): Pair | undefined {
    for (let top = this.#heap.pop(); top; top = this.#heap.pop()) if (top.count === top.pair.count) return top.pair;
    return undefined;
  }

  /** Joins `pair` in every word. @returns the piece's name if it is new. */
  join(pair: Pair): string | undefined {
    const { left, right } = pair;
    const name = `${this.#names[left] ?? ''}${(this.#names[right] ?? '').slice(continuation.length)}`;
    const known = this.#numbers.get(name);
    const joined = known ?? this.#names.push(name) - 1;
    this.#numbers.set(name, joined);
    const touched = new Set<Pair>();
    for (const word of [...pair.words]) {
      this.#count(word, -1, touched);
      this.#words[word] = replacePair(this.#words[word] ?? [], left, right, joined);
      this.#count(word, 1, touched);
    }
    this.#offer(touched);
    return known === undefined ? name : undefined;
  }

  /** Adds (`sign` 1) or takes away (−1) the pairs of a word. */
  #count(word: number, sign: 1 | -1, touched: Set<Pair>): void {
    const pieces = this.#words[word] ?? [];
    for (let i = 1; i < pieces.length; i += 1) {
      const [left = 0, right = 0] = [pieces[i - 1], pieces[i]];
      const key = left * 2 ** 24 + right;
      const pair = this.#pairs.get(key) ?? { left, right, count: 0, words: new Set() };
      this.#pairs.set(key, pair);
      pair.count += sign * (this.#counts[word] ?? 0);
      if (sign === 1) pair.words.add(word);
      else pair.words.delete(word);
      touched.add(pair);
    }
  }

  #offer(touched: ReadonlySet<Pair>): void {
    for (const pair of touched) if (pair.count > 0) this.#heap.push({ pair, count: pair.count });
  }
}

function replacePair(pieces: readonly number[], left: number, right: number, joined: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < pieces.length; i += 1) {
    const here = pieces[i] === left && pieces[i + 1] === right;
    result.push(here ? joined : (pieces[i] ?? 0));
    if (here) i += 1;
  }
  return result;
}
