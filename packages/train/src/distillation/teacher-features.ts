import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { loadTokenizer } from '@azclip/encoder-text/tokenizer';
import { FeatureStore } from '@azclip/encoders-image';
import type { Model } from '@azclip/retrieval';

import type { PreparationReport } from '../report.ts';

/** Texts that the teacher embeds at once. */
const batchSize = 64;

/** Texts after which new features are written to disk: what a crash loses at most. */
const rowsPerFile = 4096;

/** A teacher's features of texts, by text: from disk where this teacher has met the text before, else computed once.
 * @param folder - of cached features; the teacher's own folder in it is named by its fingerprint.
 * @returns [embedDim] each, unit rows. */
export async function* teacherFeatures(
  teacher: Model,
  texts: readonly string[],
  folder: string,
): AsyncGenerator<PreparationReport, ReadonlyMap<string, Float32Array>> {
  const { fingerprint, embedDim } = teacher.config;
  const store = await FeatureStore.open(join(folder, `text-${fingerprint.slice(0, 32)}`), embedDim);
  const features = new Map<string, Float32Array>();
  const wanted = [...new Set(texts)];
  const embed = await embedderOf(teacher);
  try {
    for (let start = 0; start < wanted.length; start += batchSize) {
      for await (const [text, row] of lookedUp(store, wanted.slice(start, start + batchSize), embed))
        features.set(text, row);
      if (store.unwritten >= rowsPerFile) await store.flush();
      yield { kind: 'preparation', what: 'features of the teacher', done: features.size, total: wanted.length };
    }
    await store.flush();
    return features;
  } finally {
    await store.close();
  }
}

type Embed = (texts: readonly string[]) => Promise<Float32Array>;

async function* lookedUp(
  store: FeatureStore,
  texts: readonly string[],
  embed: Embed,
): AsyncGenerator<readonly [string, Float32Array]> {
  const missing: string[] = [];
  for (const text of texts) {
    const row = await store.get(keyOf(text));
    if (row) yield [text, row];
    else missing.push(text);
  }
  if (missing.length === 0) return;
  const rows = await embed(missing);
  const dim = rows.length / missing.length;
  for (const [i, text] of missing.entries()) {
    const row = rows.slice(i * dim, (i + 1) * dim);
    store.put(keyOf(text), row);
    yield [text, row];
  }
}

async function embedderOf(teacher: Model): Promise<Embed> {
  const { language, lowercase, contextLength } = teacher.config;
  const tokenizer = await loadTokenizer(join(teacher.folder, 'tokenizer.json'), { language, lowercase });
  return (texts) => {
    const { ids, mask } = tokenizer.encode(texts, contextLength);
    return teacher.embedTexts(ids, mask, texts.length, contextLength);
  };
}

const keyOf = (text: string): Buffer => createHash('sha256').update(text).digest();
