import { z } from 'zod';

import {
  cocoConfig,
  csvConfig,
  flickr30kConfig,
  flickr8kConfig,
  folderConfig,
  jsonlConfig,
  karpathyConfig,
  manifestConfig,
  parquetConfig,
  rocoConfig,
  scenesConfig,
  webdatasetConfig,
} from './readers/reader-configs.ts';

/** A data set from one place. */
const single = z.discriminatedUnion('reader', [
  scenesConfig,
  flickr8kConfig,
  flickr30kConfig,
  cocoConfig,
  karpathyConfig,
  rocoConfig,
  csvConfig,
  jsonlConfig,
  parquetConfig,
  webdatasetConfig,
  folderConfig,
  manifestConfig,
]);

/** A data set from one place, defaults filled in. */
export type SingleDataConfig = z.output<typeof single>;

const names = (sets: readonly { readonly name: string }[]): boolean =>
  new Set(sets.map(({ name }) => name)).size === sets.length;

/** `mix`: several sets in one. Of train, each next image comes from a set by chance in proportion to its weight, until the
 * first set is used up, so that the shares are those of the weights; dev and test are the sets one after the other. */
export const mixConfig = z.strictObject({
  reader: z.literal('mix'),
  seed: z.int().default(1),
  /** For corrupt images of any set. */
  onCorrupt: z.enum(['fail', 'skip']).default('fail'),
  sets: z
    .array(z.strictObject({ name: z.string().min(1), weight: z.number().positive().default(1), data: single }))
    .min(1)
    .refine(names, 'expected different names'),
});

/** Configuration of the reader `mix`. */
export type MixConfig = z.output<typeof mixConfig>;

/** A data set: alternatives by `reader`. */
export const dataConfig = z.discriminatedUnion('reader', [...single.options, mixConfig]);

/** A data set, defaults filled in. */
export type DataConfig = z.output<typeof dataConfig>;

const channels = z.tuple([z.number(), z.number(), z.number()]);

/** How the pixels of an image become the input of a tower. */
export const imagePreprocessing = z
  .strictObject({
    /** Side of the square that the tower takes, pixels. */
    size: z.int().positive(),
    /** Short side before the centre crop, pixels; equal to `size` where nothing is cut off it. Unused by `squash`. */
    resize: z.int().positive(),
    /** `crop` keeps the proportions and cuts the centre, `squash` bends the whole image into the square. */
    fit: z.enum(['crop', 'squash']),
    interpolation: z.enum(['bilinear', 'bicubic']),
    /** Mean and standard deviation of the channels, of values in 0 … 1. */
    mean: channels,
    std: channels.refine((std) => std.every((value) => value > 0), 'expected positive numbers'),
  })
  .refine(({ fit, size, resize }) => fit === 'squash' || resize >= size, {
    path: ['resize'],
    message: 'expected at least `size`, which is cut out of it',
  });

/** How the pixels of an image become the input of a tower. */
export type ImagePreprocessing = z.output<typeof imagePreprocessing>;
