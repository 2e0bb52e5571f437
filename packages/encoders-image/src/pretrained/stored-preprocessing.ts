import { InputError } from '@azclip/base';
import { imagePreprocessing, type ImagePreprocessing } from '@azclip/data';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What timm writes beside its weights about the images that they were trained on. */
const weightsConfig = z.object({
  pretrained_cfg: z.object({
    interpolation: z.string(),
    crop_pct: z.number().positive().nullish(),
    mean: imagePreprocessing.shape.mean,
    std: imagePreprocessing.shape.std,
  }),
});

/** The preprocessing that the `config.json` beside weights tells, at the size asked for.
 * @returns undefined where there is no such file, or it does not speak of images.
 * @throws {InputError} if it is no JSON. */
export async function storedPreprocessing(folder: string, size: number): Promise<ImagePreprocessing | undefined> {
  const path = join(folder, 'config.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = weightsConfig.safeParse(parseJson(text, path));
  if (!parsed.success) return undefined;
  const { interpolation, crop_pct: cropped, mean, std } = parsed.data.pretrained_cfg;
  return {
    size,
    resize: Math.floor(size / (cropped ?? 0.875)), // timm's own rounding and default
    fit: 'crop',
    interpolation: interpolation === 'bilinear' ? 'bilinear' : 'bicubic',
    mean,
    std,
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${path}: expected JSON, got ${JSON.stringify(text.slice(0, 40))}`);
  }
}
