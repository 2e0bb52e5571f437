/** A whole training step, ResNet-50 at 224 pixels and multilingual BERT (uncased, whole vocabulary), forward, symmetric InfoNCE,
 * gradients of everything, clipping and AdamW, beside PyTorch eager float32. Each side is a process of its own; they take
 * turns, so that what else the machine does meets both. Prints medians and the peak of resident memory; on our side the garbage of
 * setting up is collected before the first step, as a run does at its first scoring at the latest.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/full-step.ts [rounds] [pairs] [tokens]
 *
 * The PyTorch side runs where AZCLIP_PYTHON, or python3, has torch, torchvision and transformers; nothing is downloaded. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { mixSeed, type Random } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import { createImageTower } from '@azclip/encoders-image';
import { flattenParams, useBackend, type ParamTree } from '@azclip/nn';
import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { parseFitConfig } from '../../packages/train/src/config.ts';
import { createDualEncoder } from '../../packages/train/src/model/dual-encoder.ts';
import { createStepRunner, type StepRunner } from '../../packages/train/src/step/step-runner.ts';
import { learnedOf, statePart } from '../../packages/train/src/step/train-state.ts';
import { createTrainStep } from '../../packages/train/src/step/train-step.ts';
import { fitSetting } from './as-fit.mjs';
import { median, startPeer, startPython } from './peer.mjs';

const [rounds = 7, pairs = 16, tokens = 32] = process.argv.slice(2, 5).map(Number);
const side = process.argv[5];
const vocabulary = 105_879; // bert-base-multilingual-uncased
const text = { tower: { name: 'bert-base-multilingual-uncased', contextLength: tokens } };
const projection = { head: 'linear-norm', dim: 512 };

/** Numbers for weights and inputs whose values do not matter: sums of four uniform ones, without logarithms. */
function quickRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const normal = (): number => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
  const integer = (bound: number): number => Math.floor(uniform() * bound);
  return { uniform, normal, integer, fork: (label) => quickRandom(mixSeed(seed, label)) };
}

const float32 = (shape: readonly number[], data: Float32Array): HostTensor => ({ dtype: 'float32', shape, data });

function batchOf(random: Random): Record<string, HostTensor> {
  const pixels = Float32Array.from({ length: pairs * 224 * 224 * 3 }, () => random.normal());
  const ids = Int32Array.from({ length: pairs * tokens }, () => random.integer(vocabulary));
  return {
    images: float32([pairs, 224, 224, 3], pixels),
    ids: { dtype: 'int32', shape: [pairs, tokens], data: ids },
    mask: float32([pairs, tokens], new Float32Array(pairs * tokens).fill(1)),
  };
}

/** The step with fresh parameters. */
async function createOurs(): Promise<{ readonly runner: StepRunner; readonly parameters: number }> {
  await useBackend('onnxruntime');
  const image = { tower: { name: 'resnet50' } };
  const config = parseFitConfig({ name: 'step', data: { reader: 'scenes' }, image, text, projection } as never);
  const imageTower = await createImageTower(config.image.tower);
  const textTower = createTextTower(textTowerConfig.parse(config.text.tower), vocabulary);
  const model = createDualEncoder(imageTower, textTower, config);
  const template = model.init(quickRandom(1));
  const named = flattenParams(template as unknown as ParamTree);
  const learned = learnedOf(model, named);
  const state: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(named)) {
    state[statePart.params + name] = float32(tensor.shape, tensor.dataSync() as Float32Array);
    if (!(name in learned)) continue;
    for (const part of [statePart.first, statePart.second])
      state[part + name] = float32(tensor.shape, new Float32Array(tensor.size));
  }
  const runner = createStepRunner(createTrainStep(model, template, config), state);
  tf.dispose(named);
  return { runner, parameters: Object.values(learned).reduce((sum, { size }) => sum + size, 0) };
}

/** Answers each line with the milliseconds of a step and the peak of this process in MiB. */
async function serve(): Promise<void> {
  const { runner, parameters } = await createOurs();
  const batch = batchOf(quickRandom(2));
  (globalThis as { readonly gc?: () => void }).gc?.();
  console.log(parameters);
  let step = 0;
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now();
    await runner.gradients(batch, step);
    step += 1;
    await runner.update({ learningRate: 1e-4, step });
    const peak = Number(/VmHWM:\s+(\d+)/u.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
    console.log(performance.now() - began, peak);
  }
}

/** A side whose process takes a step for each line it is sent. */
function sideOf(peer: Awaited<ReturnType<typeof startPeer>>) {
  if (!peer) return undefined;
  const times: number[] = [];
  let peak = 0;
  return {
    parameters: Number(peer.greeting),
    times,
    peak: () => peak,
    step: async (counts: boolean) => {
      const [milliseconds = NaN, mebibytes = NaN] = ((await peer.ask()) ?? '').split(' ').map(Number);
      if (counts) times.push(milliseconds);
      peak = mebibytes;
    },
    stop: () => {
      peer.stop();
    },
  };
}

async function compare(): Promise<void> {
  const own = [
    ...process.execArgv,
    '--expose-gc',
    fileURLToPath(import.meta.url),
    ...[rounds, pairs, tokens].map(String),
    'serve',
  ];
  const options = [pairs, tokens, vocabulary, availableParallelism()];
  const sides = {
    azclip: sideOf(await startPeer(process.execPath, own, 'inherit', { ...process.env, ...fitSetting })),
    PyTorch: sideOf(await startPython('full-step.py', options, 'inherit')),
  };
  for (let round = -2; round < rounds; round += 1)
    for (const each of Object.values(sides)) await each?.step(round >= 0);
  const rows = Object.entries(sides).flatMap(([name, found]) => {
    if (!found) return [];
    found.stop();
    return [
      { name, parameters: found.parameters, 'pairs/s': (1000 * pairs) / median(found.times), 'peak MiB': found.peak() },
    ];
  });
  console.table(
    rows.map((row) => ({ ...row, 'pairs/s': row['pairs/s'].toFixed(2), 'peak MiB': Math.round(row['peak MiB']) })),
  );
  const [ours, peer] = rows;
  if (ours && peer) {
    const [speed, memory] = [ours['pairs/s'] / peer['pairs/s'], ours['peak MiB'] / peer['peak MiB']];
    console.log(`speed ${speed.toFixed(2)} of PyTorch's, memory ${memory.toFixed(2)}`);
  } else console.log('no PyTorch with torchvision and transformers here: our side alone');
}

await (side === 'serve' ? serve() : compare());
