import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom, InputError } from '@azclip/base';
import { createTextTower, loadBertWeights, textTowerConfig } from '@azclip/encoder-text';
import { loadTokenizer } from '@azclip/encoder-text/tokenizer';
import { flattenParams } from '@azclip/nn';
import { readSafetensorsHeader } from '@azclip/weights';

import type { PretrainConfigInput } from './config.ts';
import { trainClip } from '../train-clip.ts';
import { pretrainText, type PretrainOptions, type PretrainReport, type PretrainResult } from './pretrain-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretrain-'));
const corpus = join(folder, 'corpus.txt');
const colours = ['qırmızı', 'yaşıl', 'mavi', 'sarı'];
const things = ['maşın', 'ev', 'it', 'ağac'];
writeFileSync(
  corpus,
  Array.from({ length: 200 }, (_, i) => `${colours[i % 4] ?? ''} ${things[(i >> 2) % 4] ?? ''} və ağ daş`).join('\n'),
);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const tower = { name: 'bert', layers: 1, hidden: 16, heads: 2, ffn: 32, maxPosition: 16, contextLength: 16 } as const;
const config = (rest: Partial<PretrainConfigInput>): PretrainConfigInput => ({
  name: 'mlm',
  output: folder,
  corpora: [{ path: corpus }],
  tokenizer: { vocabularySize: 80 },
  tower,
  train: { steps: 30, batchSize: 8, learningRate: 1e-2, warmupSteps: 2 },
  evaluation: { everySteps: 15, share: 0.1, batches: 2 },
  ...rest,
});

async function run(
  settings: PretrainConfigInput,
  options: PretrainOptions = {},
  onReport: (report: PretrainReport) => void = () => undefined,
): Promise<{ reports: PretrainReport[]; result: PretrainResult }> {
  const reports: PretrainReport[] = [];
  const work = pretrainText(settings, options);
  for (;;) {
    const next = await work.next();
    if (next.done === true) return { reports, result: next.value };
    reports.push(next.value);
    onReport(next.value);
  }
}

let first: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  first = await run(config({}));
});

it('learns to guess hidden pieces, and stores a tower that loads by its folder', async () => {
  const { reports, result } = first;
  const losses = reports.flatMap((report) => (report.kind === 'evaluation' ? [report.loss] : []));
  const [step] = reports.flatMap((report) => (report.kind === 'step' ? [report] : []));
  expect(losses).toHaveLength(2);
  expect(result.loss).toBeLessThan((step?.chanceLoss ?? 0) * 0.8);
  const tokenizer = await loadTokenizer(join(result.modelDir, 'tokenizer.json'));
  expect(tokenizer.piecesOf('QIRMIZI')).toEqual(['[CLS]', 'qırmızı', '[SEP]']);
  const fitted = textTowerConfig.parse({ ...tower, pooling: 'mean', weights: result.modelDir });
  if (fitted.name === 'bag') throw new Error('unreachable');
  const params = flattenParams(createTextTower(fitted, tokenizer.vocabSize).init(createRandom(1)));
  const shapes = Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape]));
  const loaded = new Set<string>();
  for await (const { name } of loadBertWeights(fitted, shapes, { hub: { cacheDir: folder } })) loaded.add(name);
  expect([...loaded].sort()).toEqual(Object.keys(shapes).sort());
  const { tensors } = await readSafetensorsHeader(join(result.modelDir, 'model.safetensors'));
  const names = tensors.map(({ name }) => name);
  expect(names).toContain('bert.encoder.layer.0.attention.self.query.weight');
  expect(names).toContain('cls.predictions.transform.LayerNorm.bias');
});

it('is where a fit begins, its vocabulary cut down to the captions', async () => {
  const model = first.result.modelDir;
  const notes: string[] = [];
  const { outcome } = await trainClip(
    {
      name: 'fit',
      output: folder,
      data: { reader: 'scenes', train: 12, dev: 6, imageSize: 32 },
      image: { tower: { name: 'resnet', size: 16, widths: [4], depths: [1] } },
      text: {
        tokenizer: { file: join(model, 'tokenizer.json') },
        tower: { ...tower, pooling: 'mean', weights: model },
      },
      projection: { head: 'linear', dim: 8 },
      train: { batchSize: 6, epochs: 1 },
    },
    {
      onReport: (report) => {
        if (report.kind === 'note') notes.push(report.message);
      },
    },
  );
  expect(outcome).toBe('finished');
  expect(notes.find((note) => note.startsWith('vocabulary:'))).toMatch(
    /^vocabulary: \d+ → \d+ pieces; \d+ parameters saved/u,
  );
});

it('ends with the same numbers whether it was stopped in between or not', async () => {
  const whole = await run(config({ name: 'whole' }));
  const abort = new AbortController();
  const stopped = await run(config({ name: 'parts' }), { signal: abort.signal }, (report) => {
    if (report.kind === 'step' && report.step === 11) abort.abort();
  });
  expect(stopped.result.outcome).toBe('stopped');
  expect(existsSync(stopped.result.modelDir)).toBe(false);
  const resumed = await run(config({ name: 'parts' }), { existing: 'resume' });
  expect(resumed.result.loss).toBe(whole.result.loss);
  const weights = (dir: string): Buffer => readFileSync(join(dir, 'model.safetensors'));
  expect(weights(resumed.result.modelDir).equals(weights(whole.result.modelDir))).toBe(true);
  const steps = readFileSync(join(folder, 'parts', 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n').length;
  expect(steps).toBe(30 + 2);
});

it('refuses to overwrite a run unless told, and to go on with another configuration', async () => {
  await expect(run(config({}))).rejects.toThrow('a run of this name has begun');
  await expect(run(config({ seed: 2 }), { existing: 'resume' })).rejects.toThrow('the configuration that');
});

it.each([
  [{ name: 'a', corpora: [{ path: join(folder, 'none.txt') }] }, 'none.txt: expected a corpus'],
  [{ name: 'b', tower: { ...tower, norm: 'pre' as const } }, 'tower.norm: expected "post"'],
  [{ name: 'c', tower: { ...tower, layer: 2 } }, 'tower: Unrecognized key: "layer"'],
  [
    { name: 'd', tokenizer: { vocabularySize: 64, file: join(folder, 'no.json') } },
    'no.json: expected a readable file',
  ],
])('names what is wrong: %j', async (rest, message) => {
  const failure = run(config(rest));
  await expect(failure).rejects.toThrow(InputError);
  await expect(failure).rejects.toThrow(message);
});
