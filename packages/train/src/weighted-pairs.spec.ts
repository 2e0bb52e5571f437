import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import { dataConfig, readPairs, writeGallery } from '@azclip/data';
import { readSafetensors } from '@azclip/weights';

import { stateDigest } from './run/checkpoint.ts';
import { trainClip } from './train-clip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains on drawn scenes whose captions have these weights, and digests what was learned. */
async function digestOf(name: string, weights: readonly number[] | undefined): Promise<string> {
  const scenes = dataConfig.parse({ reader: 'scenes', train: 24, dev: 8, test: 8, imageSize: 32 });
  const lines: string[] = [];
  for (const split of ['train', 'dev'] as const) {
    const pairs = await collect(readPairs(scenes, split));
    await writeGallery(pairs, join(folder, split));
    const weighed = split === 'train' && weights ? { weights } : {};
    for (const { imageId, captions } of pairs)
      lines.push(JSON.stringify({ id: imageId, image: `${split}/${imageId}.png`, split, captions, ...weighed }));
  }
  const path = join(folder, `${name}.jsonl`);
  await writeFile(path, `${lines.join('\n')}\n`);
  const run = await trainClip({
    name,
    output: join(folder, 'runs'),
    data: { reader: 'manifest', path },
    image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
    text: { tokenizer: { vocabularySize: 200 }, tower: { name: 'bag', dim: 8, contextLength: 24 } },
    projection: { head: 'linear', dim: 8 },
    train: { batchSize: 8, epochs: 2, warmupSteps: 2 },
    evaluation: { everyEpochs: 2, test: false },
  });
  const tensors = await collect(readSafetensors(join(run.checkpointDir, 'last.safetensors')));
  return stateDigest(Object.fromEntries(tensors.map(({ name: key, ...tensor }) => [key, tensor])));
}

it('learns the same where all weights are 1 as without any, and otherwise where they differ', async () => {
  const plain = await digestOf('plain', undefined);
  expect(await digestOf('ones', [1, 1, 1, 1, 1])).toBe(plain);
  expect(await digestOf('weighed', [1, 0.1, 0.5, 1, 0.2])).not.toBe(plain);
});
