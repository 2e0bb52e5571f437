import type { Pair } from '@azclip/data';

import type { TokenInputs } from './token-inputs.ts';

/** Several captions of each image, encoded: the one that the epoch has drawn first, then those that follow it in turn. An
 * image with fewer captions has rows without pieces, which do not count.
 * @param drawn - one caption of each pair.  @param count - captions an image.
 * @returns ids and mask [batch, count, tokens]; for a count of 1 [batch, tokens]. */
export function encodeCaptionGroups(
  pairs: readonly Pair[],
  drawn: readonly string[],
  count: number,
  encode: (captions: readonly string[]) => TokenInputs,
): TokenInputs {
  if (count === 1) return encode(drawn);
  const groups = pairs.flatMap(({ captions }, i) => groupOf(captions, drawn[i] ?? '', count));
  const { ids, mask } = encode(groups.map((caption) => caption ?? ''));
  const tokens = ids.shape[1] ?? 0;
  groups.forEach((caption, row) => {
    if (caption === undefined) mask.data.fill(0, row * tokens, (row + 1) * tokens);
  });
  const shape = [pairs.length, count, tokens];
  return { ids: { ...ids, shape }, mask: { ...mask, shape } };
}

function groupOf(captions: readonly string[], first: string, count: number): (string | undefined)[] {
  const start = captions.indexOf(first);
  return Array.from({ length: count }, (_, i) =>
    i < captions.length ? captions[(start + i) % captions.length] : undefined,
  );
}
