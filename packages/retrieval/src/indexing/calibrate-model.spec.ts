import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';
import type { Pair } from '@azclip/data';
import sharp from 'sharp';

import { readModelConfig } from '../model/read-model-config.ts';
import { testColors, writeTestModel } from '../testing/write-test-model.ts';
import { calibrateModel } from './calibrate-model.ts';
import type { EncodeTexts } from './embed-pairs.ts';

const words = Object.keys(testColors);
const encode: EncodeTexts = (texts, contextLength) => {
  const ids = new Int32Array(texts.length * contextLength);
  const mask = new Float32Array(ids.length);
  for (const [row, text] of texts.entries()) {
    for (const [i, word] of text.split(' ').slice(0, contextLength).entries()) {
      ids[row * contextLength + i] = words.includes(word) ? 5 + words.indexOf(word) : 1;
      mask[row * contextLength + i] = 1;
    }
  }
  return { ids, mask };
};

/** Plain images, each with the word of its colour. */
async function drawPairs(count: number): Promise<Pair[]> {
  const random = createRandom(1);
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const word = words[random.integer(words.length)] ?? '';
      const [r, g, b] = testColors[word as keyof typeof testColors].map((value) => Math.round(255 * value));
      const create = { width: 8, height: 8, channels: 3, background: { r, g, b } } as const;
      const bytes = await sharp({ create }).png().toBuffer();
      return { imageId: String(i), image: { bytes, name: String(i) }, captions: [word] };
    }),
  );
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calibrate-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('calibrateModel', () => {
  it('writes the curve into config.json and leaves the fingerprint as it is', async () => {
    const before = await writeTestModel(folder);
    const curve = await calibrateModel(folder, await drawPairs(60), encode);
    expect(curve?.perScore).toBeGreaterThan(0);
    expect(await readModelConfig(folder)).toEqual({ ...before, relevance: curve });
    expect(await calibrateModel(folder, await drawPairs(60), encode)).toEqual(curve); // the same again
  });

  it('passes over images that cannot be decoded, and writes nothing where too few are left', async () => {
    await writeTestModel(folder);
    const pairs = await drawPairs(45);
    const broken = pairs.map((pair, i) => (i < 10 ? { ...pair, image: { bytes: Buffer.from('x'), name: 'x' } } : pair));
    const before = await readFile(join(folder, 'config.json'), 'utf8');
    expect(await calibrateModel(folder, broken, encode)).toBeUndefined();
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe(before);
  });

  it('writes nothing where the vocabulary has no words to make nonsense of', async () => {
    await writeTestModel(folder);
    await writeFile(join(folder, 'tokenizer.json'), '{"model":{"vocab":[["▁1",-1]]}}');
    expect(await calibrateModel(folder, await drawPairs(60), encode)).toBeUndefined();
  });
});
