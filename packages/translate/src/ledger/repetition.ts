/** Suspicion that a text stutters: a run of up to three words that stands twice in a row, or a word of four letters and
 * more that occurs three times and oftener than any word of the source. Hyphenated pairs (`bir-birinə`) are one word; one
 * word twice is a lesser matter where the source says a word twice too (`a dog with a dog toy`, `it it oyuncağı ilə`).
 * @param sourceContent - words of the source without its most frequent ones. */
export function repetitionSignal(sourceContent: readonly string[], folded: string): number {
  const words = folded.split(/[\s.,;:!?"()«»]+/u).filter((word) => word !== '');
  const said = mostFrequent(sourceContent);
  for (let length = 3; length >= 1; length -= 1) {
    const times = timesInARow(words, length);
    if (times >= 3 || (times === 2 && length > 1)) return 1;
    if (times === 2) return said >= 2 ? 0.3 : 1;
  }
  const most = mostFrequent(words.filter((word) => word.length >= 4));
  return most >= 3 && most > said ? 0.7 : 0;
}

/** The most times that a run of `length` words follows upon itself. */
function timesInARow(words: readonly string[], length: number): number {
  let most = 1;
  for (let start = 0; start + length <= words.length; start += 1) {
    let times = 1;
    while (isRepeated(words, start, length, times)) times += 1;
    most = Math.max(most, times);
  }
  return most;
}

function isRepeated(words: readonly string[], start: number, length: number, times: number): boolean {
  const [first, next] = [start, start + times * length].map((at) => words.slice(at, at + length));
  return next?.length === length && next.every((word, k) => word === first?.[k]);
}

function mostFrequent(words: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
