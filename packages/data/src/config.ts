import { z } from 'zod';

const policy = z.enum(['fail', 'skip']);

/** What every reader shares. */
const common = {
  /** Images that cannot be decoded: stop with an error, or report by path and go on without them. */
  onCorrupt: policy.default('fail'),
  /** Images without captions, captions without image, empty captions: stop, or report and go on without them. */
  onInvalid: policy.default('fail'),
};

/** Parts drawn by the hash of the image id, so that adding images moves none; the rest is `train`. */
const fractions = z.strictObject({
  dev: z.number().min(0).max(0.5).default(0.1),
  test: z.number().min(0).max(0.5).default(0.1),
});

/** `scenes`: drawn by the project, no files needed. */
export const scenesConfig = z.strictObject({
  ...common,
  reader: z.literal('scenes'),
  seed: z.int().default(1),
  /** Number of images of each part; a combination of the dev or test part never occurs in train. */
  train: z.int().positive().max(50_000).default(8000),
  dev: z.int().positive().max(2000).default(500),
  test: z.int().positive().max(2000).default(500),
  /** Side of the square images, pixels. */
  imageSize: z.int().min(32).max(512).default(64),
  language: z.enum(['az', 'en']).default('az'),
  domain: z.enum(['flat', 'sketch', 'photographic']).default('flat'),
});

/** Configuration of the reader `scenes`. */
export type ScenesConfig = z.output<typeof scenesConfig>;

/** `flickr8k`: a folder of images and a file of lines `name.jpg#0<tab>caption`. */
export const flickr8kConfig = z.strictObject({
  ...common,
  reader: z.literal('flickr8k'),
  root: z.string().min(1),
  /** Folder of the images, under `root`. */
  images: z.string().default('images'),
  /** File of the captions, under `root`. */
  captions: z.string().default('Flickr8k.token.txt'),
  /** Files under `root` that list the images of each part, or fractions where there are no such files. */
  splits: z.union([z.strictObject({ train: z.string(), dev: z.string(), test: z.string() }), fractions]).default({
    train: 'Flickr_8k.trainImages.txt',
    dev: 'Flickr_8k.devImages.txt',
    test: 'Flickr_8k.testImages.txt',
  }),
});

/** Configuration of the reader `flickr8k`. */
export type Flickr8kConfig = z.output<typeof flickr8kConfig>;

/** `csv`: a file with a header; rows of one image are its captions. */
export const csvConfig = z.strictObject({
  ...common,
  reader: z.literal('csv'),
  path: z.string().min(1),
  /** Folder that the image column is relative to; by default that of the file. */
  images: z.string().optional(),
  imageColumn: z.string().default('image'),
  captionColumn: z.string().default('caption'),
  /** Column that says `train`, `dev` (or `val`, `valid`, `validation`) or `test`; without it `fractions` part the set. */
  splitColumn: z.string().optional(),
  splits: fractions.default({ dev: 0.1, test: 0.1 }),
  delimiter: z.string().length(1).default(','),
});

/** Configuration of the reader `csv`. */
export type CsvConfig = z.output<typeof csvConfig>;

/** A data set: alternatives by `reader`. */
export const dataConfig = z.discriminatedUnion('reader', [scenesConfig, flickr8kConfig, csvConfig]);

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
