/** How well words answer to words, learned from the pairs of a set themselves. */
export interface Alignment {
  /** How much better the source explains the target words than their frequency does: mean of
   * ln(p(word | source) / p(word)) over the words, nats; near or below 0 where the texts have nothing in common. */
  likelihoodRatio(source: readonly string[], target: readonly string[]): number;
}

/** Words are cut to so many letters: suffixes of agglutinative languages vary, stems align. */
const stemLength = 5;
const iterations = 5;
/** Share of each word's probability that goes to its plain frequency: words without counterpart, unseen pairs. */
const background = 0.1;

/** Learns IBM model 1: expectation–maximisation over all word pairs of a caption, five rounds; deterministic.
 * Memory grows with the distinct word pairs: about 60 MB for 30,000 captions.
 * @see Brown et al. 1993, section 4.2 — https://aclanthology.org/J93-2003 */
export function learnAlignment(pairs: readonly (readonly [readonly string[], readonly string[]])[]): Alignment {
  const sources = new Vocabulary();
  const targets = new Vocabulary();
  const encoded = pairs.map(([s, t]) => [sources.learn(s), targets.learn(t)] as const);
  const table = new PairTable(targets.size);
  for (let round = 0; round < iterations; round += 1) {
    for (const [source, target] of encoded) table.expect(source, target, background, targets);
    table.maximise();
  }
  return {
    likelihoodRatio: (sourceWords, targetWords) => {
      const source = sources.find(sourceWords);
      if (targetWords.length === 0) return 0;
      let sum = 0;
      for (const target of targets.find(targetWords)) {
        const plain = targets.probability(target);
        const mean = source.reduce((p, word) => p + table.probability(word, target), 0) / Math.max(1, source.length);
        sum += Math.log((background * plain + (1 - background) * mean) / plain);
      }
      return sum / targetWords.length;
    },
  };
}

/** Stems, numbered, with their frequencies; number 0 is every stem never seen. */
class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [0];
  #total = 0;

  get size(): number {
    return this.#counts.length;
  }

  learn(words: readonly string[]): number[] {
    return words.map((word) => {
      const stem = word.slice(0, stemLength);
      const number = this.#numbers.get(stem) ?? this.#counts.push(0) - 1;
      this.#numbers.set(stem, number);
      this.#counts[number] = (this.#counts[number] ?? 0) + 1;
      this.#total += 1;
      return number;
    });
  }

  find(words: readonly string[]): number[] {
    return words.map((word) => this.#numbers.get(word.slice(0, stemLength)) ?? 0);
  }

  /** Add-one over the stems seen and the unseen one. */
  probability(number: number): number {
    return ((this.#counts[number] ?? 0) + 1) / (this.#total + this.size);
  }
}

/** p(target stem | source stem), sparse. */
class PairTable {
  readonly #targets: number;
  #probabilities: Map<number, number> | undefined;
  #expected = new Map<number, number>();

  constructor(targets: number) {
    this.#targets = targets;
  }

  probability(source: number, target: number): number {
    return this.#probabilities?.get(source * this.#targets + target) ?? 0;
  }

  /** Shares each target word out among the source words, as far as its frequency does not explain it. */
  expect(source: readonly number[], target: readonly number[], toBackground: number, frequencies: Vocabulary): void {
    for (const word of target) {
      const shares = source.map((s) =>
        this.#probabilities === undefined ? 1 / this.#targets : this.probability(s, word),
      );
      const total =
        (toBackground / (1 - toBackground)) * source.length * frequencies.probability(word) +
        shares.reduce((sum, share) => sum + share, 0);
      for (const [i, s] of source.entries()) {
        const cell = s * this.#targets + word;
        this.#expected.set(cell, (this.#expected.get(cell) ?? 0) + (shares[i] ?? 0) / total);
      }
    }
  }

  /** Makes probabilities of the expected counts; cells that have all but vanished are dropped. */
  maximise(): void {
    const totals = new Map<number, number>();
    for (const [cell, count] of this.#expected) {
      const source = Math.floor(cell / this.#targets);
      totals.set(source, (totals.get(source) ?? 0) + count);
    }
    for (const [cell, count] of this.#expected) {
      const probability = count / (totals.get(Math.floor(cell / this.#targets)) ?? 1);
      if (probability < 1e-5) this.#expected.delete(cell);
      else this.#expected.set(cell, probability);
    }
    this.#probabilities = this.#expected;
    this.#expected = new Map();
  }
}
