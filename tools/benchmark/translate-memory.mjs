#!/usr/bin/env node
/**
 * Memory of a translation job over many captions, and of taking it up again: a provider that answers at once, the real
 * store on disk. Prints resident memory as the job goes on.
 *
 *   npx nx build translate && node tools/benchmark/translate-memory.mjs [captions = 500000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTranslator, estimateTokens, TranslationStore } from '@azclip/translate';

const count = Number(process.argv[2] ?? 500_000);
const folder = mkdtempSync(join(tmpdir(), 'azclip-'));
let asked = 0;
const provider = {
  model: 'echo',
  countTokens: estimateTokens,
  translate: async (texts) => {
    asked += texts.length;
    return texts.map((text) => ({ text: text.toUpperCase(), score: -0.3 }));
  },
};

function* captions() {
  for (let i = 0; i < count; i += 1)
    yield { id: String(i), text: `A dog number ${i} runs over the grass beside two girls in red dresses .` };
}

const megabytes = () => `${String(Math.round(process.memoryUsage().rss / 2 ** 20)).padStart(4)} MB`;

for (const pass of ['first run', 'taken up again']) {
  asked = 0;
  const start = performance.now();
  const store = await TranslationStore.open(folder);
  console.log(
    `${pass}: store of ${store.size} opened in ${((performance.now() - start) / 1000).toFixed(1)} s, ${megabytes()}`,
  );
  const translator = createTranslator({
    provider,
    store,
    languages: { source: 'en', target: 'az' },
    batch: { maxItems: 64, maxTokens: 4096 },
    concurrency: 8,
  });
  let seen = 0;
  for await (const _ of translator.translate(captions()))
    if ((seen += 1) % (count / 5) === 0) console.log(`  ${seen} captions, ${megabytes()}`);
  console.log(`  asked for ${asked}, ${Math.round(seen / ((performance.now() - start) / 1000))} captions/s`);
  await store.close();
}
rmSync(folder, { recursive: true });
