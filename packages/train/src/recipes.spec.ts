import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { collect } from '@azclip/base';
import { readSafetensors } from '@azclip/weights';

import type { FitConfigInput } from './config.ts';
import type { FitReport, StepReport } from './report.ts';
import { trainClip } from './train-clip.ts';

const root = mkdtempSync(join(tmpdir(), 'azclip-recipes-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const bert = {
  ...{ name: 'bert' as const, layers: 2, hidden: 8, heads: 2, ffn: 16, maxPosition: 24, contextLength: 24 },
  ...{ pooling: 'mean' as const, dropout: 0, attentionDropout: 0 },
};
const tokenizer = { vocabularySize: 200 };
const resnet = { name: 'resnet' as const, size: 16, widths: [4], depths: [1] };
let runs = 0;

/** Trains for some steps, then stops. @returns the parameters at the end, by name, and the steps. */
async function trained(recipe: Partial<FitConfigInput>, count: number) {
  runs += 1;
  const abort = new AbortController();
  const steps: StepReport[] = [];
  const onReport = (report: FitReport): void => {
    if (report.kind === 'step' && steps.push(report) === count) abort.abort();
  };
  const config: FitConfigInput = {
    name: `run-${String(runs)}`,
    output: root,
    data: { reader: 'scenes', train: 48, dev: 6, test: 4, imageSize: 32 },
    image: { tower: resnet },
    text: { tokenizer, tower: bert },
    projection: { head: 'linear', dim: 8 },
    evaluation: { everyEpochs: 99 },
    ...recipe,
    train: { batchSize: 12, epochs: 99, warmupSteps: 0, learningRate: 0.02, ...recipe.train },
  };
  const { checkpointDir } = await trainClip(config, { onReport, signal: abort.signal });
  const tensors = await collect(readSafetensors(join(checkpointDir, 'last.safetensors')));
  const params = tensors.filter(({ name }) => name.startsWith('params.'));
  return { params: new Map(params.map(({ name, data }) => [name.slice('params.'.length), [...data]])), steps };
}

const untrained = trained({ train: { learningRate: 1e-30 } }, 1);

/** Which parameters two steps move, by comparison with those that every run begins with. */
async function movedBy(recipe: Partial<FitConfigInput>): Promise<string[]> {
  const [before, after] = [await untrained, await trained(recipe, 2)];
  const names = [...after.params.keys()].filter((name) => !name.includes('running'));
  const differs = (value: number, i: number, name: string): boolean =>
    !(Math.abs(value - (before.params.get(name)?.[i] ?? NaN)) < 1e-12);
  return names.filter((name) => after.params.get(name)?.some((value, i) => differs(value, i, name)));
}

const partsOf = (names: readonly string[]): string[] => [
  ...new Set(
    names.map((name) =>
      name
        .split('.')
        .slice(0, name.startsWith('textTower.layers') ? 3 : 1)
        .join('.'),
    ),
  ),
];

it('moves the last layers of a text tower, and nothing below them', async () => {
  const moved = await movedBy({ text: { tokenizer, tower: { ...bert, freeze: { embeddings: true, layers: 1 } } } });
  expect(partsOf(moved).sort()).toEqual(['imageHead', 'imageTower', 'loss', 'textHead', 'textTower.layers.1']);
});

it('moves the heads and the temperature alone where all of a tower rests', async () => {
  const moved = await movedBy({ text: { tokenizer, tower: { ...bert, freeze: { embeddings: true, layers: 2 } } } });
  expect(partsOf(moved).sort()).toEqual(['imageHead', 'imageTower', 'loss', 'textHead']);
});

it('moves of a tower with adapters nothing but the adapters', async () => {
  const moved = await movedBy({ text: { tokenizer, tower: bert, lora: { rank: 2, targets: ['query', 'value'] } } });
  const ofText = moved.filter((name) => name.startsWith('textTower.'));
  expect(ofText.length).toBeGreaterThan(0);
  expect(ofText.filter((name) => !/\.(?:query|value)\.lora\./u.test(name))).toEqual([]);
});

it.each([
  { name: 'multi-positive', duplicateSimilarity: 0.7 } as const,
  { name: 'siglip' } as const,
  { name: 'lowclip-margin' } as const,
])('learns by the loss %j', async (loss) => {
  const { steps } = await trained({ loss, train: { averageDecay: 0.9, layerDecay: 0.8 } }, 22);
  const mean = (some: readonly StepReport[]): number => some.reduce((sum, step) => sum + step.loss, 0) / some.length;
  expect(mean(steps.slice(-4))).toBeLessThan(0.95 * mean(steps.slice(0, 4)));
});
