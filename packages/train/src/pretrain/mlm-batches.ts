import { createRandom, type Random } from '@azclip/base';
import { hiddenCount, hidePieces, type HidingOptions, type PieceKinds } from '@azclip/encoder-text';

import type { HostTensors } from '../step/host-tensors.ts';
import type { PieceStore } from './piece-store.ts';

/** What batches are cut from a corpus by. */
export interface MlmBatchOptions {
  readonly store: PieceStore;
  readonly kinds: PieceKinds;
  /** Ids that open and end a window. */
  readonly frame: { readonly first: number; readonly last: number };
  /** Pieces of a window, its frame included. */
  readonly contextLength: number;
  readonly batchSize: number;
  readonly hiding: HidingOptions;
  readonly seed: number;
}

/** Windows of a corpus: those at its end are held out. */
export interface WindowSplit {
  readonly train: number;
  readonly heldOut: number;
}

/** Splits the windows that the corpus holds.
 * @param share - of the windows to hold out; at least one batch, where there are two. */
export function splitWindows(
  { store, contextLength, batchSize }: Pick<MlmBatchOptions, 'store' | 'contextLength' | 'batchSize'>,
  share: number,
): WindowSplit {
  const windows = Math.floor(store.count / (contextLength - 2));
  const heldOut = Math.min(Math.max(batchSize, Math.round(windows * share)), Math.floor(windows / 2));
  return { train: windows - heldOut, heldOut };
}

/** The batch of a step, 0-based: every window comes once an epoch, in an order that (seed, epoch) decides; what is hidden
 * depends on (seed, step) alone, so a run that is taken up again meets the same batches. */
export function trainMlmBatch(options: MlmBatchOptions, { train }: WindowSplit, step: number): Promise<HostTensors> {
  const { batchSize, seed } = options;
  const numbers = Array.from({ length: batchSize }, (_, i) => {
    const place = step * batchSize + i;
    return shuffledNumber(
      place % train,
      train,
      createRandom(seed)
        .fork('order')
        .fork(Math.floor(place / train)),
    );
  });
  return mlmBatch(options, numbers, createRandom(seed).fork('hide').fork(step));
}

/** The held-out batch of a number, 0-based; always the same. */
export function heldOutMlmBatch(options: MlmBatchOptions, split: WindowSplit, batch: number): Promise<HostTensors> {
  const { batchSize, seed } = options;
  const numbers = Array.from({ length: batchSize }, (_, i) => split.train + ((batch * batchSize + i) % split.heldOut));
  return mlmBatch(options, numbers, createRandom(seed).fork('held out').fork(batch));
}

/** Where `place` of 0 … size − 1 goes in a shuffled order, without the order in memory: a Feistel network over the next
 * power of four, walked until it lands inside.
 * @see Black, Rogaway 2002, "Ciphers with arbitrary finite domains", method 2 */
export function shuffledNumber(place: number, size: number, random: Random): number {
  const half = Math.max(1, Math.ceil(Math.log2(size) / 2));
  const mask = 2 ** half - 1;
  const keys = Array.from({ length: 4 }, () => random.integer(2 ** 31));
  const round = (value: number): number =>
    keys.reduce((mixed, key) => {
      const [left, right] = [Math.floor(mixed / 2 ** half), mixed & mask];
      let hash = Math.imul(right ^ key, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      return right * 2 ** half + (left ^ ((hash ^ (hash >>> 16)) & mask));
    }, value);
  let number = round(place);
  while (number >= size) number = round(number);
  return number;
}

async function mlmBatch(
  { store, kinds, frame, contextLength, hiding }: MlmBatchOptions,
  numbers: readonly number[],
  random: Random,
): Promise<HostTensors> {
  const inner = contextLength - 2;
  const capacity = numbers.length * hiddenCount(inner, hiding.rate);
  const ids = new Int32Array(numbers.length * contextLength);
  const [places, labels] = [new Int32Array(capacity), new Int32Array(capacity)];
  const weights = new Float32Array(capacity);
  let filled = 0;
  for (const [row, number] of numbers.entries()) {
    const window = Int32Array.of(frame.first, ...(await store.read(number * inner, inner)), frame.last);
    const hidden = hidePieces(window, kinds, random.fork(row), hiding);
    ids.set(hidden.ids, row * contextLength);
    places.set(
      hidden.places.map((place) => row * contextLength + place),
      filled,
    );
    labels.set(hidden.labels, filled);
    weights.fill(1, filled, filled + hidden.places.length);
    filled += hidden.places.length;
  }
  return {
    ids: { dtype: 'int32', shape: [numbers.length, contextLength], data: ids },
    places: { dtype: 'int32', shape: [capacity], data: places },
    labels: { dtype: 'int32', shape: [capacity], data: labels },
    weights: { dtype: 'float32', shape: [capacity], data: weights },
  };
}
