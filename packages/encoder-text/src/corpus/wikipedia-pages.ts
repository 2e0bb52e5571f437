import sax from 'sax';

import { canonicalHidden, type WikiNames } from './strip-wikitext.ts';

/** One article of a dump. */
export interface WikiPage {
  readonly title: string;
  /** MediaWiki markup of the last revision in the dump. */
  readonly wikitext: string;
  /** Names of the dump's own language. */
  readonly names: WikiNames;
}

/** Namespaces that a dump names in its own language: media, files, categories. */
const hiddenNamespaces: ReadonlySet<string> = new Set(['-2', '6', '14']);

/** Reads the articles of a MediaWiki export: pages of the main namespace that are no redirects.
 * @param chunks - the XML, UTF-8, cut anywhere.
 * @throws {Error} if it is no well-formed XML.
 * @see https://www.mediawiki.org/wiki/Help:Export#Export_format */
export async function* wikipediaPages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WikiPage> {
  const decoder = new TextDecoder('utf-8');
  const { parser, pages } = createParser();
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }));
    yield* pages.splice(0);
  }
  parser.write(decoder.decode()).close();
  yield* pages.splice(0);
}

/** A parser that collects articles as it is written to. */
function createParser(): { parser: sax.SAXParser; pages: WikiPage[] } {
  const parser = sax.parser(true);
  const pages: WikiPage[] = [];
  const hidden = new Set(canonicalHidden);
  let page: Record<string, string> = {};
  let content: string[] = [];
  let key = '';
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name, attributes }) => {
    content = [];
    key = (attributes as Record<string, string>)['key'] ?? '';
    if (name === 'page') page = {};
    if (name === 'redirect') page['redirect'] = 'yes';
  };
  parser.ontext = (text) => content.push(text);
  parser.oncdata = (text) => content.push(text);
  parser.onclosetag = (name) => {
    const text = content.join('');
    content = [];
    if (name === 'namespace' && hiddenNamespaces.has(key)) hidden.add(text.trim().toLowerCase());
    else if (name === 'title' || name === 'ns' || name === 'text') page[name] = text;
    else if (name === 'page' && page['ns'] === '0' && page['redirect'] === undefined) {
      pages.push({ title: page['title'] ?? '', wikitext: page['text'] ?? '', names: { hidden } });
    }
  };
  return { parser, pages };
}
