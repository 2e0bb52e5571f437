import { availableParallelism } from 'node:os';

import { InputError } from '@azclip/base';
import { onnxBackendName, registerOnnxBackend } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';
import { Command, InvalidArgumentError } from 'commander';
import { consola } from 'consola';

import { markdownTable, type Table } from '../report/table.ts';
import { headParameters, textSideParameters } from '../specs/model-size.ts';
import { towerSpecs, type TowerSpecs } from '../specs/tower-specs.ts';

/** The networks of the literature that can be an image tower. */
const towers = [
  'resnet50',
  'efficientnet_b0',
  'vit_b_16',
  'swin_t',
  'convnext_tiny',
  'mobilenet_v3_large',
  'mobilenet_v3_small',
  'mobilenet_v2',
] as const;

interface SpecsFlags {
  readonly batch: number;
  readonly rounds: number;
  readonly towers?: readonly string[];
}

/** `trainer specs`: what each image tower costs, as a Markdown table. */
export function specsCommand(): Command {
  return new Command('specs')
    .description('parameters, multiply-adds, size and speed of the image towers, as a Markdown table')
    .option('--towers <names...>', 'these alone')
    .option('--batch <n>', 'images of one timed run', wholeNumber, 16)
    .option('--rounds <n>', 'timed runs, of which the median counts; 0 measures no speed', wholeNumber, 5)
    .action(printSpecs);
}

async function printSpecs({ batch, rounds, towers: wanted = towers }: SpecsFlags): Promise<void> {
  const unknown = wanted.find((name) => !(towers as readonly string[]).includes(name));
  if (unknown !== undefined) throw new InputError(`--towers: expected ${towers.join(', ')}, got "${unknown}"`);
  registerOnnxBackend();
  await tf.setBackend(onnxBackendName);
  const specs: TowerSpecs[] = [];
  for (const name of wanted) {
    consola.start(name);
    specs.push(await towerSpecs(name, { batchSize: Math.max(batch, 1), rounds }));
  }
  consola.log(markdownTable(specsTable(specs, batch, textSideParameters())));
}

/** The table of the specs. @param textSide - parameters of the text tower and its head, for the whole model. */
export const specsTable = (specs: readonly TowerSpecs[], batch: number, textSide: number): Table => ({
  title: 'Image towers',
  head: ['Tower', 'Features', 'Parameters', 'With text side', 'GFLOPs', 'MB', 'Images/s'],
  rows: specs.map(({ name, features, parameters, gflops, megabytes, imagesPerSecond }) => [
    name,
    features.toLocaleString('en'),
    parameters.toLocaleString('en'),
    (parameters + headParameters(features) + textSide).toLocaleString('en'),
    gflops.toFixed(3),
    megabytes.toFixed(1),
    imagesPerSecond === undefined ? '–' : imagesPerSecond.toFixed(1),
  ]),
  notes: [
    'Without classifiers; GFLOPs are multiply-adds of one image of 224 × 224, counted from the kernels it passes through.',
    'vit_b_16 computes the class token alone in its last layer, which saves 1.2 of the 17.6 GFLOPs of the literature.',
    'With text side: with bert-base-multilingual-uncased and, on both sides, linear (bias) and layer norm to 512.',
    'The paper counts 192,309,312 with ResNet-50.',
    `Images/s: this machine, ${String(availableParallelism())} cores, exported graph, float32, batches of ${String(batch)}.`,
  ],
});

function wholeNumber(text: string): number {
  if (!/^\d+$/u.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
