/** What of a wiki is named otherwise in each language. */
export interface WikiNames {
  /** Names of the namespaces whose links show a picture, a sound or a category and not their text; in lower case. */
  readonly hidden: ReadonlySet<string>;
}

/** Names that every wiki understands beside its own. */
export const canonicalHidden: readonly string[] = ['file', 'image', 'media', 'category'];

/** Elements whose content is no prose. */
const elements =
  'ref|math|chem|gallery|timeline|syntaxhighlight|source|code|pre|score|imagemap|graph|templatestyles|nowiki';
const silent = new RegExp(`<(${elements})\\b[^>]*?(?:/>|>[^]*?</\\1\\s*>)`, 'giu');

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  shy: '',
};

/** Prose of a page in MediaWiki markup: one paragraph or list entry a line. Templates, tables, references, files,
 * categories and headings go; of links and emphasis the shown text stays.
 * @see https://www.mediawiki.org/wiki/Help:Formatting */
export function stripWikitext(text: string, { hidden }: WikiNames): string {
  const bare = innermostFirst(
    text.replace(/<!--[^]*?(?:-->|$)/gu, '').replace(silent, ''),
    /\{\{[^{}]*\}\}/gu,
    () => '',
  );
  const prose = innermostFirst(bare, /\{\|(?:(?!\{\||\|\})[^])*(?:\|\}|$)/gu, () => '');
  const linked = innermostFirst(prose, /\[\[([^[\]]*)\]\]/gu, (_, link) => shownText(link ?? '', hidden));
  return decodeEntities(linked)
    .replace(/\[(?:https?:)?\/\/[^\s\]]+\s*([^\]]*)\]/giu, '$1')
    .replace(/<[^<>]{1,200}>/gu, ' ')
    .replace(/'{2,}/gu, '')
    .replace(/__\p{Lu}+__/gu, '')
    .split('\n')
    .filter((line) => !/^\s*(?:=.*=|[|!{}].*)\s*$/u.test(line)) // headings, what is left of tables and templates
    .map((line) =>
      line
        .replace(/^[*#:;]+/u, '')
        .replace(/\s+/gu, ' ')
        .trim(),
    )
    .filter((line) => /\p{L}/u.test(line))
    .join('\n');
}

/** Replaces what `pattern` finds until it finds no more, so that nested markup goes from the inside out. */
function innermostFirst(
  text: string,
  pattern: RegExp,
  replacement: (match: string, content?: string) => string,
): string {
  for (let current = text; ;) {
    const next = current.replace(pattern, replacement);
    if (next === current) return next;
    current = next;
  }
}

/** What a link shows: its label, its target, or nothing for files, categories and other languages. */
function shownText(link: string, hidden: ReadonlySet<string>): string {
  const [target = '', ...labels] = link.split('|');
  const space = /^\s*([^:]+):/u.exec(target)?.[1]?.trim().toLowerCase();
  if (space !== undefined && hidden.has(space)) return '';
  const label = labels.at(-1)?.trim();
  if (label !== undefined && label !== '') return label;
  const otherLanguage = /^\s*[a-z]{2,3}(?:-[a-z]+)*:/u.test(target);
  return otherLanguage ? '' : target.replace(/^:/u, '').replace(/#.*$/u, '').trim();
}

/** Entities by name or number; one that is unknown stays. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/giu, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
