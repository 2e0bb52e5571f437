import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { collect, InputError } from '@azclip/base';
import { dataConfig, readPairs, type DataIssue, type Pair } from '@azclip/data';
import { modelVariants, readModelConfig, type ModelVariant } from '@azclip/retrieval';
import { calibrateModel } from '@azclip/retrieval/indexing';
import { Command, InvalidArgumentError, Option } from 'commander';
import { consola } from 'consola';
import { z } from 'zod';

import { recallLines } from '../export/recall-lines.ts';
import { encodeTextsOf, VariantScorer } from '../export/variant-recall.ts';
import { writeVariantsSection } from '../export/variants-section.ts';
import { changeVariant, writeVariant } from '../export/write-variants.ts';
import { readYaml } from '../read-yaml.ts';

interface ExportFlags {
  readonly model: string;
  readonly variants: readonly ModelVariant[];
  readonly data?: string;
  readonly split: 'dev' | 'test';
}

/** `trainer export`: adds to a model folder smaller forms of its towers, what they cost, and when a query has found
 * something. */
export function exportCommand(): Command {
  return new Command('export')
    .description('add 8- and 16-bit towers to a model folder, with a report of what they cost on a given set')
    .requiredOption('--model <folder>', 'model folder of trainer:fit')
    .option('--variants <names>', 'int8, fp16 or both, with a comma', parseVariants, [])
    .option('--data <file>', 'YAML file with a data section (default: the data that the run was trained with)')
    .addOption(new Option('--split <part>', 'part of the data').choices(['dev', 'test']).default('dev'))
    .action(exportModelVariants);
}

async function exportModelVariants({ model, variants, data, split }: ExportFlags): Promise<void> {
  const folder = resolve(model);
  const config = await readModelConfig(folder);
  for (const variant of variants) {
    for (const { file, bytes, of } of await writeVariant(folder, variant)) {
      consola.success(`${file}: ${mebibytes(bytes)} of ${mebibytes(of)} MiB`);
    }
  }
  const path = data ?? join(dirname(folder), 'config.json');
  if (data === undefined && !existsSync(path)) {
    consola.warn(`no report: ${path} does not exist; name data in --data`);
    return;
  }
  const onIssue = ({ place, message }: DataIssue): void => {
    consola.warn(`${place}: ${message}`);
  };
  const section = await readYaml(path, z.looseObject({ data: dataConfig, imageCache: z.string().optional() }));
  const { imageCache = join(dirname(folder), '..', 'images') } = section;
  const pairs = await collect(readPairs(section.data, split, { onIssue, imageCache }));
  if (pairs.length === 0) throw new InputError(`${path}: data: expected images in the ${split} part, got none`);
  const encode = await encodeTextsOf(folder, config);
  await calibrate(folder, pairs, encode);
  const scorer = new VariantScorer(folder, pairs, encode, onIssue);
  for (const variant of variants) {
    const recall = await scorer.score(variant);
    await changeVariant(folder, variant, { recall, set: `${split} of ${path.split('/').at(-1) ?? path}` });
    for (const { line, isLoss } of recallLines(variant, recall)) (isLoss ? consola.warn : consola.info)(line);
  }
  if (variants.length > 0) await writeVariantsSection(folder, await readModelConfig(folder));
}

async function calibrate(
  folder: string,
  pairs: readonly Pair[],
  encode: Parameters<typeof calibrateModel>[2],
): Promise<void> {
  const curve = await calibrateModel(folder, pairs, encode);
  const errors = curve && [curve.missed, curve.falseAlarms].map((share) => `${(share * 100).toFixed(1)} %`);
  const words = errors
    ? `queries that find nothing are told: ${errors[0] ?? ''} of fitting ones are doubted, ${errors[1] ?? ''} of senseless ones pass`
    : 'queries that find nothing are not told: the scores of this model on this set do not part them';
  consola.info(words);
}

function parseVariants(names: string): ModelVariant[] {
  return names.split(',').map((name) => {
    const found = modelVariants.find((each) => each === name.trim());
    if (found) return found;
    throw new InvalidArgumentError(`expected ${modelVariants.join(' or ')}, got ${name}`);
  });
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
