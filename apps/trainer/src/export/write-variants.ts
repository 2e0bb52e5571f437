import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { halveWeights, quantizeInt8 } from '@azclip/onnx';
import {
  readModelConfig,
  sha256,
  variantFile,
  writeModelConfig,
  type ModelConfig,
  type ModelVariant,
} from '@azclip/retrieval';

/** A tower of a variant, written. */
export interface WrittenTower {
  readonly file: string;
  readonly bytes: number;
  /** Bytes of the float32 file. */
  readonly of: number;
}

type Tower = 'image.onnx' | 'text.onnx';

/** Which towers a variant makes smaller, and how. In 8 bits the text tower alone: its features are made anew with every
 * query, while those of images are kept in indexes, where precision stays (docs/decisions/0111). */
const makers: Readonly<
  Record<ModelVariant, { readonly towers: readonly Tower[]; readonly make: (file: Uint8Array) => Uint8Array }>
> = {
  int8: { towers: ['text.onnx'], make: quantizeInt8 },
  fp16: { towers: ['image.onnx', 'text.onnx'], make: halveWeights },
};

/** Writes the towers of a variant into a model folder and its digests into `config.json`, without a word of recall. */
export async function writeVariant(folder: string, variant: ModelVariant): Promise<WrittenTower[]> {
  const { towers, make } = makers[variant];
  const written: WrittenTower[] = [];
  const digests: { -readonly [tower in Tower]?: string } = {};
  for (const tower of towers) {
    const whole = await readFile(join(folder, tower));
    const made = make(whole);
    const file = variantFile(tower, variant);
    await writeFileAtomic(join(folder, file), made);
    digests[tower] = sha256(made);
    written.push({ file, bytes: made.length, of: whole.length });
  }
  await changeVariant(folder, variant, { digests });
  return written;
}

/** Changes what `config.json` says of a variant. */
export async function changeVariant(
  folder: string,
  variant: ModelVariant,
  change: Partial<NonNullable<NonNullable<ModelConfig['variants']>[ModelVariant]>>,
): Promise<void> {
  const config = await readModelConfig(folder);
  const known = config.variants?.[variant] ?? { digests: {} };
  const variants = { ...config.variants, [variant]: { digests: known.digests, ...change } };
  await writeModelConfig(folder, { ...config, variants });
}
