// How long `configs/flickr8k-az.yaml` takes: the features of the train and dev images the first time, then 64 epochs.
//   node tools/benchmark/flickr8k-az.mjs [epochs]
// Needs ../shared/data/flickr8k and ../shared/data/mobilenetv2-035, and a build (`npx nx run-many -t build`). The PyTorch side runs
// where AZCLIP_PYTHON, or python3, has torch: the same training on features of the same sizes, after ours.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { trainClip } from '@azclip/train';

import { peerEnvironment, startAsFit } from './as-fit.mjs';

startAsFit();

const { parse } = createRequire(new URL('../../apps/trainer/package.json', import.meta.url))('yaml');
const epochs = Number(process.argv[2] ?? 64);
const configFile = fileURLToPath(new URL('../../apps/trainer/configs/flickr8k-az.yaml', import.meta.url));
const config = parse(await readFile(configFile, 'utf8'));
for (const path of [config.data.root, config.image.tower.folder]) {
  if (!existsSync(path)) throw new Error(`${path}: this benchmark needs it; run from the project's root`);
}

const output = await mkdtemp(join(tmpdir(), 'azclip-benchmark-'));
const marks = { start: performance.now() };
const run = await trainClip(
  { ...config, output, train: { ...config.train, epochs }, evaluation: { everyEpochs: epochs } },
  {
    onReport: (report) => {
      if (report.kind === 'step') marks.firstStep ??= performance.now() - report.stepMs;
      if (report.kind === 'step') marks.lastStep = performance.now();
    },
  },
);
await rm(output, { recursive: true, force: true });
const seconds = (from, to) => (marks[to] - marks[from]) / 1000;
const training = seconds('firstStep', 'lastStep');

const shape = { images: 6000, batchSize: config.train.batchSize, featureDim: 1280, dim: config.projection.dim };
const text = { vocabulary: config.text.tokenizer.vocabularySize, tokens: config.text.tower.contextLength };
const script = fileURLToPath(new URL('flickr8k-az.py', import.meta.url));
const options = JSON.stringify({ ...shape, ...text, epochs, threads: availableParallelism() });
const torch = spawnSync(process.env.AZCLIP_PYTHON ?? 'python3', [script, options], {
  encoding: 'utf8',
  env: peerEnvironment(),
});
const peer = torch.status === 0 ? Number(torch.stdout) : undefined;

console.table([
  { work: 'data, tokenizer, features of 7,000 images', 'azclip s': seconds('start', 'firstStep').toFixed(1) },
  {
    work: `${String(epochs)} epochs`,
    'azclip s': training.toFixed(1),
    'PyTorch s': peer?.toFixed(1) ?? 'no torch here',
    ratio: peer === undefined ? '' : (peer / training).toFixed(2),
  },
]);
console.log(`dev text→image R@1 ${(run.scores['dev/text-to-image/recall@1'] * 100).toFixed(1)}`);
