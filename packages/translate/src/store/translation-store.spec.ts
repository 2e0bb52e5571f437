import { appendFile, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { TranslateError } from '../translate-error.ts';
import type { TranslationQuestion } from './translation-key.ts';
import { TranslationStore, type TranslationRecord } from './translation-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
});

const question = (text: string): TranslationQuestion => ({ text, source: 'en', target: 'az', model: 'm' });
const record = (text: string): TranslationRecord => ({ ...question(text), answer: { text: `${text}!`, score: -0.5 } });

async function withStore<T>(use: (store: TranslationStore) => Promise<T>, writer?: string): Promise<T> {
  const store = await TranslationStore.open(folder, writer);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

it('finds an answer by text, source, target and model', async () => {
  await withStore(async (store) => {
    await store.append([record('a')]);
    expect(await store.get(question('a'))).toEqual({ text: 'a!', score: -0.5 });
    for (const other of [{ text: 'b' }, { source: 'ru' }, { target: 'tr' }, { model: 'n' }]) {
      expect(store.has({ ...question('a'), ...other })).toBe(false);
    }
  });
});

it('keeps answers from one process to the next, whatever is in the text', async () => {
  const texts = ['two\nlines', 'quote " and \\', 'ə ö ş 🐕', '\u2028', 'x'.repeat(20_000)];
  await withStore((store) => store.append(texts.map(record)));
  await withStore(async (store) => {
    expect(store.size).toBe(texts.length);
    for (const text of texts) expect((await store.get(question(text)))?.text).toBe(`${text}!`);
  });
});

it('finds answers appended at the same time', async () => {
  await withStore(async (store) => {
    const batches = Array.from({ length: 40 }, (_, b) => [record(`${String(b)}a`), record(`ə${String(b)}`)]);
    await Promise.all(batches.map((batch) => store.append(batch)));
    for (const { text } of batches.flat()) expect((await store.get(question(text)))?.text).toBe(`${text}!`);
  });
});

it('loses nothing but the torn record, wherever a crash cuts the file', async () => {
  await withStore((store) => store.append([record('first'), record('second'), record('ə')]));
  const path = join(folder, 'translations.jsonl');
  const whole = await readFile(path);
  const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 10 ? [i + 1] : []));
  for (let length = 0; length <= whole.length; length += 7) {
    await writeFile(path, whole);
    await truncate(path, length);
    await withStore(async (store) => {
      expect(store.size).toBe(ends.filter((end) => end <= length).length);
      await store.append([record('after')]);
      expect((await store.get(question('after')))?.text).toBe('after!');
    });
    await withStore(async (store) => {
      expect(store.damaged).toBe(0);
      expect((await store.get(question('after')))?.text).toBe('after!');
      await Promise.resolve();
    });
  }
});

it('counts lines that hold no record and reads on', async () => {
  await withStore((store) => store.append([record('a')]));
  await appendFile(join(folder, 'translations.jsonl'), 'garbage\n\0\0\0\n');
  await withStore(async (store) => {
    expect(store.damaged).toBe(2);
    await store.append([record('b')]);
    expect((await store.get(question('b')))?.text).toBe('b!');
  });
});

it('reads the files of other writers, so that shards share their answers', async () => {
  await withStore((store) => store.append([record('a')]), 'shard-1');
  await withStore((store) => store.append([record('b')]), 'shard-2');
  await withStore(async (store) => {
    expect([await store.get(question('a')), await store.get(question('b'))]).toEqual([
      record('a').answer,
      record('b').answer,
    ]);
  });
});

it('lets one process write a file at a time', async () => {
  await withStore(async () => {
    await expect(TranslationStore.open(folder)).rejects.toThrow(/translations\.lock: held by process/u);
    await withStore(() => Promise.resolve(), 'another');
  });
});

it('takes over the lock of a process that has ended, but not one of another machine', async () => {
  await writeFile(join(folder, 'translations.lock'), `${hostname()} 999999999`);
  await withStore(() => Promise.resolve());
  await writeFile(join(folder, 'translations.lock'), 'elsewhere 1');
  await expect(TranslationStore.open(folder)).rejects.toThrow(TranslateError);
});
