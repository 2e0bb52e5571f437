import type { Random } from '@azclip/base';

const CONTINUES = '##';

/** Queries that mean nothing, in the language's own spelling: pieces of the vocabulary drawn by chance, two to nine a
 * query, continuing pieces glued to the one before.
 * @param pieces - of a WordPiece vocabulary; special ones are passed over. */
export function nonsenseQueries(pieces: readonly string[], count: number, random: Random): string[] {
  const usable = pieces.filter((piece) => /^(?:##)?\p{L}+$/u.test(piece));
  if (usable.length === 0) return [];
  const draw = (): string => usable[random.integer(usable.length)] ?? '';
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.integer(8) }, draw)
      .map((piece) => (piece.startsWith(CONTINUES) ? piece.slice(CONTINUES.length) : ` ${piece}`))
      .join('')
      .trim(),
  );
}
