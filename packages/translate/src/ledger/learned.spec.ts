import { createRandom } from '@azclip/base';

import { learnAlignment } from './alignment.ts';
import { learnLetters } from './letters-model.ts';

/** A toy language in which each word has one counterpart. */
const words = ['dog', 'cat', 'man', 'ball', 'red', 'runs', 'sits', 'big'];
const reversed = (word: string): string => Array.from(word).reverse().join('');
const random = createRandom(5);
const sentences = Array.from({ length: 300 }, () => Array.from({ length: 4 }, () => words[random.integer(8)] ?? ''));
const translate = (sentence: readonly string[]): string[] => [...sentence].map(reversed).sort();

it('learns which words answer to each other from whole sentences in any order', () => {
  const alignment = learnAlignment(sentences.map((sentence) => [sentence, translate(sentence)]));
  // p(word | source) of a word that one of four source words explains nears 0.9/4 + 0.1/8, its frequency is 1/8.
  const right = alignment.likelihoodRatio(['dog', 'cat', 'red', 'big'], ['god', 'tac', 'der', 'gib']);
  expect(right).toBeGreaterThan(Math.log(0.8 / 4 / (1 / 8)));
  expect(right).toBeLessThan(Math.log((0.9 / 4 + 0.1 / 8) / (1 / 8)) + 0.05);
  // No source word explains these: only the background of a tenth is left.
  const wrong = alignment.likelihoodRatio(['man', 'ball', 'runs', 'sits'], ['god', 'tac', 'der', 'gib']);
  expect(wrong).toBeLessThan(Math.log(0.2));
});

it('has nothing to say of no words, and little of unknown ones', () => {
  const alignment = learnAlignment(sentences.map((sentence) => [sentence, translate(sentence)]));
  expect(alignment.likelihoodRatio(['dog'], [])).toBe(0);
  expect(alignment.likelihoodRatio(['dog'], ['unseen'])).toBeCloseTo(Math.log(0.1), 6);
});

it('finds the spelling of its language likelier than another', () => {
  const letters = learnLetters(sentences.map((sentence) => sentence.join(' ')));
  expect(letters.score('big dog runs')).toBeGreaterThan(letters.score('gib god snur') + 1);
});

it('gives back-off probabilities that can be computed by hand', () => {
  // " ab ": bigrams " a" 1, "ab" 1, "b " 1; contexts " " occurs as a unigram once (the one at the end).
  const letters = learnLetters(['ab']);
  // a after " ": count(" a")/count(" ") = 1/1; b after " a": 1/1; space after " ab": 1/1 → every character is certain.
  expect(letters.score('ab')).toBeCloseTo(0, 12);
  // " a ": a after " " certain; " " after " a": unseen trigram and bigram, 0.4·0.4·(1 + 0.5)/(3 + 1).
  expect(letters.score('a')).toBeCloseTo(Math.log(0.4 * 0.4 * (1.5 / 4)) / 2, 12);
});
