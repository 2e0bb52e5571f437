import { CutoffError, ScoreError } from './errors.ts';

/** Finds the `k` items of highest score without sorting the rest: a heap of the best so far, O(items · log k).
 * @param scores - [items].
 * @returns their indices, best first; of equal scores the smaller index first.
 * @throws {CutoffError} if `k` is not from 1 to the number of items.  @throws {ScoreError} if a score is NaN. */
export function topK(scores: ArrayLike<number>, k: number): Int32Array {
  if (!Number.isInteger(k) || k < 1 || k > scores.length) {
    throw new CutoffError(`k: expected an integer from 1 to ${String(scores.length)} (the gallery), got ${String(k)}`);
  }
  const heap = new Int32Array(k); // the worst of the kept stands at 0
  const worse = (a: number, b: number): boolean => {
    const difference = (scores[a] as number) - (scores[b] as number);
    return difference < 0 || (difference === 0 && a > b);
  };
  for (let item = 0; item < scores.length; item += 1) {
    if (Number.isNaN(scores[item])) throw new ScoreError(`item ${String(item)}: expected a score, got NaN`);
    if (item < k) siftUp(heap, item, item, worse);
    else if (worse(heap[0] as number, item)) siftDown(heap, item, worse);
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

function siftUp(heap: Int32Array, size: number, item: number, worse: (a: number, b: number) => boolean): void {
  let place = size;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!worse(item, heap[parent] as number)) break;
    heap[place] = heap[parent] as number;
    place = parent;
  }
  heap[place] = item;
}

/** Puts `item` in the place of the worst. */
function siftDown(heap: Int32Array, item: number, worse: (a: number, b: number) => boolean): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && worse(heap[child + 1] as number, heap[child] as number)) child += 1;
    if (!worse(heap[child] as number, item)) break;
    heap[place] = heap[child] as number;
    place = child;
  }
  heap[place] = item;
}
