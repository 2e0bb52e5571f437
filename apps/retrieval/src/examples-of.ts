import type { StoreItem } from '@azclip/retrieval';

/** Longest caption that reads as something to type, characters. */
const LONGEST = 60;

/** Captions from all over an index, as examples of what can be looked for: at most `count`, none where images have none. */
export function examplesOf(items: Iterable<StoreItem>, count = 3): string[] {
  const captions = new Set<string>();
  for (const { metadata } of items) {
    const [line = ''] = String(metadata['caption'] ?? '').split('\n');
    if (line !== '' && line.length <= LONGEST) captions.add(line);
  }
  const all = [...captions];
  const picked = Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)]);
  return [...new Set(picked)].filter((caption) => caption !== undefined);
}
