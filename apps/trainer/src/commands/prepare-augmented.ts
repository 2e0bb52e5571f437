import { InputError } from '@azclip/base';
import { augmentationConfig, prepareAugmented } from '@azclip/data';
import { Command } from 'commander';
import { consola } from 'consola';
import { parse } from 'yaml';

import { createCounter } from '../terminal/counter.ts';

interface PrepareAugmentedFlags {
  readonly out: string;
  readonly steps: string;
  readonly copies: string;
  readonly size: string;
  readonly seed: string;
  readonly originals?: true;
}

/** The paper's "technique 1": the steps that it names, with torchvision's ranges. */
const defaultSteps =
  '[{op: randomResizedCrop, scale: [0.5, 1]}, {op: flip}, {op: rotation}, {op: colourJitter, probability: 0.8}, {op: grayscale}]';

/** `trainer prepare augmented <manifest>`: augmented images written once, as a set of their own. */
export function prepareAugmentedCommand(): Command {
  return new Command('augmented')
    .description('augment the train part of a manifest once, as a set of its own')
    .argument('<manifest>', 'manifest.jsonl, as `prepare` writes it')
    .requiredOption('--out <folder>', 'folder of the result: manifest.jsonl and images')
    .option('--steps <yaml>', 'steps of the augmentation, as in `image.augmentation` of a run', defaultSteps)
    .option('--copies <number>', 'augmented images of each image', '1')
    .option('--size <pixels>', 'side of the square images', '224')
    .option('--seed <number>', 'the same seed gives the same images', '1')
    .option('--originals', 'keep the images themselves in the train part, too')
    .action(async (manifest: string, flags: PrepareAugmentedFlags) => {
      const counter = createCounter('images');
      const copies = await prepareAugmented(manifest, {
        ...optionsOf(flags),
        onWritten: (images) => {
          counter.show(images, 'written');
        },
      }).finally(counter.stop);
      consola.success(`${flags.out}/manifest.jsonl: ${String(copies)} augmented images`);
    });
}

/** What the flags ask for.
 * @throws {InputError} naming the flag that is wrong. */
export function optionsOf(flags: PrepareAugmentedFlags) {
  const size = wholeNumber('--size', flags.size);
  const steps = augmentationConfig.safeParse(parse(flags.steps));
  if (!steps.success) {
    const [issue] = steps.error.issues;
    throw new InputError(`--steps: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'expected a list of steps'}`);
  }
  return {
    out: flags.out,
    originals: flags.originals === true,
    steps: steps.data,
    copies: wholeNumber('--copies', flags.copies),
    seed: wholeNumber('--seed', flags.seed),
    preprocessing: {
      size,
      resize: size,
      fit: 'crop' as const,
      interpolation: 'bicubic' as const,
      mean: [0, 0, 0] as [number, number, number],
      std: [1, 1, 1] as [number, number, number],
    },
  };
}

function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/u.test(text)) return Number(text);
  throw new InputError(`${flag}: expected a whole number from 1 on, got "${text}"`);
}
