import { dirname, isAbsolute, relative, resolve } from 'node:path';

import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import { TranslateError } from '../translate-error.ts';
import type { CaptionFile } from './caption-file.ts';

const record = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  image: z.string().optional(),
  captions: z.array(z.string()).optional(),
  caption: z.string().optional(),
  weights: z.array(z.number()).optional(),
});

type CaptionRecord = z.output<typeof record>;

/** One object a line, with `captions` (a list, as in a manifest) or `caption`; everything else is kept as it is, but a
 * relative `image` is made to fit the folder of `output`. */
export function jsonlCaptionFile(path: string, output: string): CaptionFile {
  const toOutput = (image: string | undefined): string | undefined =>
    image === undefined || isAbsolute(image) || /^\w+:\/\//u.test(image)
      ? image
      : relative(resolve(dirname(output)), resolve(dirname(path), image));
  return {
    header: '',
    takesWeights: true,
    rows: async function* () {
      let number = 0;
      for await (const value of readJsonLines(path, record)) {
        number += 1;
        const texts = value.captions ?? (value.caption === undefined ? undefined : [value.caption]);
        if (texts === undefined) {
          throw new TranslateError(`${path}: record ${String(number)}: expected captions or caption, got neither`);
        }
        const name = String(value.id ?? value.image ?? `record ${String(number)}`);
        yield {
          captions: texts.map((text, i) => ({ id: `${name}#${String(i)}`, text })),
          write: (translations, weights = value.weights) =>
            writeRecord(value, translations, weights, toOutput(value.image)),
        };
      }
    },
  };
}

function writeRecord(
  value: CaptionRecord,
  translations: readonly (string | undefined)[],
  weights: readonly number[] | undefined,
  image: string | undefined,
): string {
  const kept = translations.filter((text) => text !== undefined);
  if (kept.length === 0) return '';
  const captions = value.captions === undefined ? { caption: kept[0] } : { captions: kept };
  const weighed = weights === undefined ? {} : { weights: weights.filter((_, i) => translations[i] !== undefined) };
  return `${JSON.stringify({ ...value, ...(image === undefined ? {} : { image }), ...captions, ...weighed })}\n`;
}
