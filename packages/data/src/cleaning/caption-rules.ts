import type { CleaningConfig, CleaningRule } from './config.ts';
import { repairMojibake } from './mojibake.ts';

/** What a rule says of a caption: nothing, or what is wrong with it and, where it can be mended, how it reads then. */
export type Verdict = { readonly detail: string; readonly repaired?: string } | undefined;

/** A rule about one caption. */
export interface CaptionRule {
  readonly name: CleaningRule;
  readonly judge: (caption: string, config: CleaningConfig) => Verdict;
}

/** C0 and C1 controls, zero-width and bidirectional marks, byte order mark, private use, unassigned. */
const CONTROL = /[\p{Cc}\p{Co}\p{Cn}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]+/gu;
/** All that is neither letter, mark, number, punctuation, space nor a symbol of prices, sums and degrees. */
const SPECIAL = /[^\p{L}\p{M}\p{N}\p{P}\p{Zs}\p{Sc}\p{Sm}\u200C\u200D°`^©®]+/gu;
const TAG = /<\/?[a-z!][^<>]*>/giu;
const ENTITY = /&(?:#(?<decimal>\d{1,7})|#x(?<hex>[\da-f]{1,6})|(?<name>amp|lt|gt|quot|apos|nbsp));/giu;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The rules about captions, in the order in which they are applied; a later one sees what an earlier one mended. */
export const CAPTION_RULES: readonly CaptionRule[] = [
  { name: 'mojibake', judge: judgeMojibake },
  { name: 'markup', judge: (caption) => mended(caption, withoutMarkup(caption), 'markup') },
  { name: 'control-characters', judge: (caption) => mended(caption, removed(caption, CONTROL), 'control characters') },
  { name: 'special-characters', judge: (caption) => mended(caption, removed(caption, SPECIAL), 'special characters') },
  { name: 'empty-caption', judge: (caption) => (/[\p{L}\p{N}]/u.test(caption) ? undefined : { detail: 'no letter' }) },
  { name: 'too-short', judge: (caption, { minWords }) => judgeLength(caption, minWords, Infinity) },
  { name: 'too-long', judge: (caption, { maxWords }) => judgeLength(caption, 0, maxWords) },
  { name: 'wrong-script', judge: judgeScript },
];

function mended(caption: string, repaired: string, what: string): Verdict {
  return repaired === caption ? undefined : { detail: `${what} removed`, repaired };
}

function tidy(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function removed(caption: string, pattern: RegExp): string {
  const cut = caption.replace(pattern, (found) =>
    /\s/u.test(found.replace('\uFEFF', '')) || /[\p{So}]/u.test(found) ? ' ' : '',
  );
  return cut === caption ? caption : tidy(cut);
}

function withoutMarkup(caption: string): string {
  const plain = caption.replace(TAG, ' ').replace(ENTITY, (found, ...parts) => {
    const { decimal, hex, name } = parts.at(-1) as { decimal?: string; hex?: string; name?: string };
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? found;
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0x10ffff ? ' ' : String.fromCodePoint(code);
  });
  return plain === caption ? caption : tidy(plain);
}

function judgeMojibake(caption: string): Verdict {
  const repaired = repairMojibake(caption);
  if (repaired === caption) return undefined;
  if (repaired === undefined) return { detail: 'characters lost by a wrong decoding' };
  return { detail: 'UTF-8 that was read as Windows-1252', repaired };
}

function judgeLength(caption: string, min: number, max: number): Verdict {
  const words = caption.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return words < min || words > max ? { detail: `${String(words)} words` } : undefined;
}

function judgeScript(caption: string, { script }: CleaningConfig): Verdict {
  if (script === 'any') return undefined;
  const letters = caption.match(/\p{L}/gu) ?? [];
  const right = letters.filter((letter) => SCRIPTS[script].test(letter)).length;
  if (right * 2 > letters.length || letters.length === 0) return undefined;
  return { detail: `${String(right)} of ${String(letters.length)} letters are ${script}` };
}

const SCRIPTS = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Arabic: /\p{Script=Arabic}/u,
  Georgian: /\p{Script=Georgian}/u,
  Armenian: /\p{Script=Armenian}/u,
};
