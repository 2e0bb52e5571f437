/** A model of how a language is spelt, learned from the captions of a set. */
export interface LettersModel {
  /** Mean log-probability a character, nats. */
  score(folded: string): number;
}

const order = 4;
const interpolation = 0.4;

/** Learns the frequencies of character n-grams up to order 4, interpolated from the longest seen (stupid back-off).
 * @see Brants et al. 2007, section 4 — https://aclanthology.org/D07-1090 */
export function learnLetters(folded: Iterable<string>): LettersModel {
  const counts = new Map<string, number>();
  let characters = 0;
  const count = (gram: string): void => {
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  };
  for (const text of folded) {
    const padded = pad(text);
    for (let end = 1; end < padded.length; end += 1) {
      characters += 1;
      for (let n = 1; n <= Math.min(order, end + 1); n += 1) count(padded.slice(end - n + 1, end + 1));
    }
  }
  return {
    score: (text) => {
      const padded = pad(text);
      let sum = 0;
      for (let end = 1; end < padded.length; end += 1) sum += Math.log(backOff(padded, end, counts, characters));
      return sum / Math.max(1, padded.length - 1);
    },
  };
}

const pad = (text: string): string => ` ${text.replace(/[^\p{L}\p{M}]+/gu, ' ').trim()} `;

function backOff(text: string, end: number, counts: Map<string, number>, characters: number): number {
  let penalty = 1;
  for (let n = Math.min(order, end + 1); n >= 2; n -= 1) {
    const seen = counts.get(text.slice(end - n + 1, end + 1));
    if (seen !== undefined) return (penalty * seen) / (counts.get(text.slice(end - n + 1, end)) ?? seen);
    penalty *= interpolation;
  }
  return (penalty * ((counts.get(text.slice(end, end + 1)) ?? 0) + 0.5)) / (characters + 1);
}
