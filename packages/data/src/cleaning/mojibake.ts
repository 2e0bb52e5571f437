/** Bytes that Windows-1252 shows as each character. */
const BYTES = new Map(
  Array.from({ length: 128 }, (_, i): [string, number] => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(i + 128)),
    i + 128,
  ]),
);

/** A lead byte of a two- or three-byte sequence of UTF-8 with its continuation bytes, as Windows-1252 shows them. */
const [LEAD2, LEAD3, NEXT] = [
  [0xc2, 0xdf],
  [0xe0, 0xef],
  [0x80, 0xbf],
].map(([first = 0, last = 0]) =>
  [...BYTES]
    .filter(([, byte]) => byte >= first && byte <= last)
    .map(([char]) => escape(char))
    .join(''),
) as [string, string, string];
const SEQUENCE = new RegExp(`[${LEAD2}][${NEXT}]|[${LEAD3}][${NEXT}]{2}`, 'gu');

/** What such sequences stand for in captions: Latin, Cyrillic, Arabic and Georgian letters, quotes and dashes. Others are
 * more likely a capital before a closing quote ("KÖRPÜ”"), whose bytes happen to be UTF-8 too. */
const PLAUSIBLE = /[\u00A0-\u017F\u018F\u0259\u0400-\u04FF\u0600-\u06FF\u10A0-\u10FF\u2010-\u203A]/u;

function escape(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Mends text whose UTF-8 was read as Windows-1252: "qÄ±rmÄ±zÄ±" → "qırmızı". Text without such sequences stays.
 * @returns undefined where characters are lost for good (U+FFFD). */
export function repairMojibake(text: string): string | undefined {
  if (text.includes('\uFFFD')) return undefined;
  return text.replace(SEQUENCE, (sequence) => {
    const bytes = Uint8Array.from(sequence, (char) => BYTES.get(char) ?? 0);
    try {
      const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return PLAUSIBLE.test(decoded) ? decoded : sequence;
    } catch {
      return sequence;
    }
  });
}
