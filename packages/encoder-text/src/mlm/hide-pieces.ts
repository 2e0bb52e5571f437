import type { Random } from '@azclip/base';

import type { PieceKinds } from './piece-kinds.ts';

/** How pieces are hidden. */
export interface HidingOptions {
  /** Share of the pieces that are to be guessed: 0.15 in BERT. */
  readonly rate: number;
  /** Whether all pieces of a word are hidden together. */
  readonly wholeWord: boolean;
}

/** A window with pieces to guess. */
export interface HiddenWindow {
  /** The window as the network sees it. */
  readonly ids: Int32Array;
  /** Places to guess, ascending. */
  readonly places: readonly number[];
  /** Ids that stood there. */
  readonly labels: readonly number[];
}

/** Of the places to guess, how many show the mask piece, and how many a piece drawn at random; the others stay. */
const [maskShare, randomShare] = [0.8, 0.1];

/** Most places that {@link hidePieces} chooses of `count` pieces. */
export const hiddenCount = (count: number, rate: number): number => Math.max(1, Math.round(count * rate));

/** Chooses places to guess and hides them: 80 % behind the mask piece, 10 % behind a random piece, 10 % not at all.
 * Words that would exceed the share are passed over; where none fits, the first pieces of one are taken.
 * @see Devlin et al. 2019, section 3.1 — https://arxiv.org/abs/1810.04805; whole words:
 * https://github.com/google-research/bert#new-may-31st-2019-whole-word-masking-models */
export function hidePieces(
  window: Int32Array,
  kinds: PieceKinds,
  random: Random,
  { rate, wholeWord }: HidingOptions,
): HiddenWindow {
  const words = wordsOf(window, kinds, wholeWord);
  const count = words.reduce((sum, word) => sum + word.length, 0);
  const places = count === 0 ? [] : choose(shuffled(words, random), hiddenCount(count, rate));
  const ids = window.slice();
  for (const place of places) ids[place] = shown(ids[place] ?? 0, kinds, random);
  return { ids, places, labels: places.map((place) => window[place] ?? 0) };
}

/** Places of the pieces that may be hidden, word by word or one by one. */
function wordsOf(window: Int32Array, { special, continues }: PieceKinds, wholeWord: boolean): number[][] {
  const words: number[][] = [];
  let open = false;
  window.forEach((id, place) => {
    const hideable = special[id] === 0;
    if (hideable && open && wholeWord && continues[id] === 1) words.at(-1)?.push(place);
    else if (hideable) words.push([place]);
    open = hideable;
  });
  return words;
}

function choose(words: readonly (readonly number[])[], budget: number): number[] {
  const chosen: number[] = [];
  for (const word of words) if (chosen.length + word.length <= budget) chosen.push(...word);
  const fallback = words[0]?.slice(0, budget) ?? [];
  return (chosen.length === 0 ? fallback : chosen).toSorted((a, b) => a - b);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

function shown(id: number, kinds: PieceKinds, random: Random): number {
  const draw = random.uniform();
  if (draw < maskShare) return kinds.mask;
  if (draw >= maskShare + randomShare) return id;
  for (;;) {
    const other = random.integer(kinds.size);
    if (kinds.special[other] === 0) return other;
  }
}
