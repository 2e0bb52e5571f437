import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InputError } from '@azclip/base';

import { loadTokenizer } from './load-tokenizer.ts';
import { trimVocabulary } from './trim-vocabulary.ts';
import { wordPieceJson } from './word-piece-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'it', 'ıt', 'İt', '.', 'ş', 's', '##t', 'It'];
const json = wordPieceJson(vocabulary, [{ type: 'NFC' }]);

it('pads to the context and marks what stands there', async () => {
  const { ids, mask } = (await loadTokenizer(json)).encode(['it.', ''], 5);
  expect(Array.from(ids)).toEqual([2, 5, 8, 3, 0, 2, 3, 0, 0, 0]);
  expect(Array.from(mask)).toEqual([1, 1, 1, 1, 0, 1, 1, 0, 0, 0]);
});

it('keeps [SEP] when it cuts', async () => {
  const { ids, mask } = (await loadTokenizer(json)).encode(['it it it it'], 4);
  expect(Array.from(ids)).toEqual([2, 5, 5, 3]);
  expect(Array.from(mask)).toEqual([1, 1, 1, 1]);
});

it('puts the settings before the file’s own steps, and into what it writes', async () => {
  const plain = await loadTokenizer(json);
  const azeri = await loadTokenizer(json, { language: 'az', lowercase: true });
  expect(plain.piecesOf('It İt')).toEqual(['[CLS]', 'It', 'İt', '[SEP]']);
  expect(azeri.piecesOf('It İt')).toEqual(['[CLS]', 'ıt', 'it', '[SEP]']);
  const again = await loadTokenizer(azeri.toJson());
  expect(again.piecesOf('It İt')).toEqual(['[CLS]', 'ıt', 'it', '[SEP]']);
  expect((await loadTokenizer(azeri.toJson(), { language: 'az', lowercase: true })).toJson()).toEqual(azeri.toJson());
});

it('reads a vocab.txt as BERT does, stripping accents where case is dropped', async () => {
  const path = file('vocab.txt', `${vocabulary.join('\n')}\n`);
  expect((await loadTokenizer(path)).piecesOf('İt ş')).toEqual(['[CLS]', 'İt', 'ş', '[SEP]']);
  const uncased = await loadTokenizer(path, { language: 'az', lowercase: true });
  expect(uncased.piecesOf('İt ş')).toEqual(['[CLS]', 'it', 's', '[SEP]']);
  const accents = await loadTokenizer(path, { language: 'az', lowercase: true, stripAccents: false });
  expect(accents.piecesOf('İt ş')).toEqual(['[CLS]', 'it', 'ş', '[SEP]']);
});

it.each([
  ['missing.json', undefined, 'ENOENT'],
  ['broken.json', '{', 'JSON'],
  ['empty.json', '{}', 'model'],
  ['other.json', '{"model":{"type":"Nothing","vocab":{}}}', 'model.type'],
  ['list.json', '{"model":{"type":"WordPiece","vocab":7}}', 'model.vocab'],
  ['short.txt', '[PAD]\n[UNK]\nit', '[CLS]'],
  ['twice.txt', `${vocabulary.join('\n')}\nit`, '"it" twice'],
])('names the file that is no tokenizer: %s', async (name, content, what) => {
  const path = content === undefined ? join(folder, name) : file(name, content);
  const failure = await loadTokenizer(path).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toContain(path);
  expect((failure as Error).message).toContain(what);
});

const shared = join(__dirname, '../../../../../shared/data');
const golden = join(shared, 'golden/mbert-cased-golden.jsonl');
const there = existsSync(golden) && existsSync(join(shared, 'mbert-cased'));
const onGolden = there ? describe : describe.skip;

onGolden(`multilingual BERT, cased${there ? '' : ` (skipped: ${golden} or mbert-cased is missing)`}`, () => {
  const cases = (): { text: string; ids: number[]; tokens: string[] }[] =>
    readFileSync(golden, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; ids: number[]; tokens: string[] });

  it.each(['tokenizer.json', 'vocab.txt'])('gives all 4,020 reference tokenisations from %s', async (name) => {
    const tokenizer = await loadTokenizer(join(shared, 'mbert-cased', name));
    expect(tokenizer.vocabSize).toBe(119_547);
    const wrong = cases().filter(({ text, ids }) => String(tokenizer.idsOf(text)) !== String(ids));
    expect(wrong).toEqual([]);
  });

  it('gives them through a vocabulary trimmed to them too', async () => {
    const whole = await loadTokenizer(join(shared, 'mbert-cased/tokenizer.json'));
    const { tokenizer, keptIds } = trimVocabulary(
      whole,
      cases().map(({ text }) => text),
    );
    expect(tokenizer.vocabSize).toBeLessThan(20_000);
    const wrong = cases().filter(
      ({ text, ids }) => String(tokenizer.idsOf(text).map((id) => keptIds[id])) !== String(ids),
    );
    expect(wrong).toEqual([]);
  });
});
