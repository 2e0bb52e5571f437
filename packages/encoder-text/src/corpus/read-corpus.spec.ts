import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect, InputError } from '@azclip/base';

import { corpusConfig, readCorpus } from './read-corpus.ts';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const read = (path: string, field?: string): Promise<string[]> =>
  collect(readCorpus(corpusConfig.parse({ path, ...(field !== undefined && { field }) })));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const page = (title: string, ns: number, text: string, rest = ''): string =>
  `<page><title>${title}</title><ns>${String(ns)}</ns><id>1</id>${rest}<revision><text bytes="9">${text}</text></revision></page>`;
const dump = `<mediawiki xml:lang="az"><siteinfo><namespaces>
  <namespace key="0" /><namespace key="6">Şəkil</namespace><namespace key="14">Kateqoriya</namespace>
</namespaces></siteinfo>
${page('Bakı', 0, "'''Bakı''' &amp;mdash; şəhər.[[Şəkil:B.jpg|thumb|x]]&lt;ref&gt;y&lt;/ref&gt;")}
${page('Müzakirə:Bakı', 1, 'söhbət')}
${page('Baki', 0, '#İSTİQAMƏTLƏNDİRMƏ [[Bakı]]', '<redirect title="Bakı" />')}
${page('Gəncə', 0, 'Gəncə də şəhərdir.')}
</mediawiki>`;

it('reads a text a line', async () => {
  expect(await read(file('a.txt', 'bir\n\n iki \r\nüç'))).toEqual(['bir', ' iki ', 'üç']);
});

it('reads a field of each record', async () => {
  const path = file('a.jsonl', '{"text":"bir","id":1}\n{"text":"iki"}\n');
  expect(await read(path)).toEqual(['bir', 'iki']);
  await expect(read(path, 'caption')).rejects.toThrow(/a\.jsonl:1: caption/u);
});

it('reads the articles of a dump, without talk pages and redirects', async () => {
  expect(await read(file('a.xml', dump))).toEqual(['Bakı — şəhər.', 'Gəncə də şəhərdir.']);
});

/** Two bzip2 streams one after another, as in a multistream dump:
 * `<mediawiki><page><title>A</title><ns>0</ns><text>Ağ ` and `it</text></page></mediawiki>`. */
const multistream =
  'QlpoOTFBWSZTWWRqjIUAAAMdpEAAwAUgACavTMAAAIQAIABUUaMgaNMjQSqeTKGhpmRGmHfd6BHXiqSxLti6RxeIyxVDBKZNLRHK' +
  '2fvxdyRThQkGRqjIUEJaaDkxQVkmU1nIqrvWAAAJmYAAAIAFJqpEwCAAIiekB6n6kEAABWmDS4K7MsK66henZ8XckU4UJDIqrvWA';

it('reads a compressed dump of several streams', async () => {
  expect(await read(file('a.xml.bz2', Buffer.from(multistream, 'base64')))).toEqual(['Ağ it']);
});

it.each([
  ['missing.txt', undefined, 'ENOENT'],
  ['a.docx', 'x', 'expected a corpus ending in'],
  ['cut.xml.bz2', Buffer.from(multistream, 'base64').subarray(0, 90), 'cut.xml.bz2: expected a Wikipedia dump'],
  ['none.xml.bz2', 'no bzip2 at all, only words that go on for a while', 'expected a Wikipedia dump'],
  ['open.xml', '<mediawiki><page>', 'Unclosed root tag'],
])('names the file that cannot be read: %s', async (name, content, what) => {
  const failure = await read(content === undefined ? join(folder, name) : file(name, content)).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toContain(what);
});
