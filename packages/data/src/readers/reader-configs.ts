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

/** One file a part. */
const lists = z.strictObject({ train: z.string(), dev: z.string(), test: z.string() });

/** A file `dataset_*.json` of Karpathy's splits. */
const karpathySplits = z.strictObject({ karpathy: z.string() });

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

/** What the two Flickr readers share: files and folders are under `root`. `token` files have lines
 * `name.jpg#0<tab>caption`, `csv` is the form that Kaggle publishes. */
const flickr = {
  ...common,
  root: z.string().min(1),
  form: z.enum(['token', 'csv']).default('token'),
  /** Folder of the images. */
  images: z.string().optional(),
  /** File of the captions. */
  captions: z.string().optional(),
};

/** `flickr8k`: `images/` and `Flickr8k.token.txt` with the published lists, or `Images/` and `captions.txt` (`form: csv`);
 * any folder of images with such a file. */
export const flickr8kConfig = z.strictObject({
  ...flickr,
  reader: z.literal('flickr8k'),
  splits: z.union([lists, karpathySplits, fractions]).default({
    train: 'Flickr_8k.trainImages.txt',
    dev: 'Flickr_8k.devImages.txt',
    test: 'Flickr_8k.testImages.txt',
  }),
});

/** `flickr30k`: `flickr30k-images/` and `results_20130124.token`, or `flickr30k_images/` and `results.csv` (`form: csv`). */
export const flickr30kConfig = z.strictObject({
  ...flickr,
  reader: z.literal('flickr30k'),
  splits: z.union([lists, karpathySplits, fractions]).default({ karpathy: 'dataset_flickr30k.json' }),
});

/** Configuration of the readers `flickr8k` and `flickr30k`. */
export type FlickrConfig = z.output<typeof flickr8kConfig> | z.output<typeof flickr30kConfig>;

/** `coco`: the caption annotations of MS COCO with their image folders, under `root`. The test images have no captions, so
 * `test` stands on nothing unless a file is named: the field tests on Karpathy's parts of val2014 (reader `karpathy`). */
export const cocoConfig = z.strictObject({
  ...common,
  reader: z.literal('coco'),
  root: z.string().min(1),
  annotations: z
    .strictObject({ train: z.string(), dev: z.string(), test: z.string().optional() })
    .default({ train: 'annotations/captions_train2017.json', dev: 'annotations/captions_val2017.json' }),
  images: z
    .strictObject({ train: z.string(), dev: z.string(), test: z.string().optional() })
    .default({ train: 'train2017', dev: 'val2017' }),
});

/** Configuration of the reader `coco`. */
export type CocoConfig = z.output<typeof cocoConfig>;

/** `karpathy`: a file `dataset_coco.json`, `dataset_flickr8k.json` or `dataset_flickr30k.json` with captions and parts. */
export const karpathyConfig = z.strictObject({
  ...common,
  reader: z.literal('karpathy'),
  path: z.string().min(1),
  /** Folder that the images' `filepath/filename` are relative to; by default that of the file. */
  images: z.string().optional(),
  /** Whether COCO's part `restval` belongs to train, as is the custom. */
  restval: z.boolean().default(true),
});

/** Configuration of the reader `karpathy`. */
export type KarpathyConfig = z.output<typeof karpathyConfig>;

/** `roco`: radiology; version 1 has `<part>/radiology/captions.txt` and `images/`, version 2 `<part>_captions.csv` and
 * `<part>/`; parts are train, validation (v2: valid) and test. */
export const rocoConfig = z.strictObject({
  ...common,
  reader: z.literal('roco'),
  root: z.string().min(1),
  version: z.union([z.literal(1), z.literal(2)]).default(1),
  /** Subset of version 1. */
  subset: z.enum(['radiology', 'non-radiology']).default('radiology'),
});

/** Configuration of the reader `roco`. */
export type RocoConfig = z.output<typeof rocoConfig>;

/** Columns of a table of images and captions. */
const columns = {
  ...common,
  /** Folder that the image column is relative to; by default that of the file. */
  images: z.string().optional(),
  imageColumn: z.string().default('image'),
  captionColumn: z.string().default('caption'),
};

/** Parts of a table in one file. */
const tableSplits = {
  /** Column that says `train`, `dev` (or `val`, `valid`, `validation`) or `test`; without it `splits` parts the set. */
  splitColumn: z.string().optional(),
  splits: fractions.default({ dev: 0.1, test: 0.1 }),
};

/** `csv`: a file with a header; rows of one image are its captions. A tab as `delimiter` makes it TSV, without quotes. */
export const csvConfig = z.strictObject({
  ...columns,
  ...tableSplits,
  reader: z.literal('csv'),
  path: z.string().min(1),
  delimiter: z.string().length(1).default(','),
});

/** Configuration of the reader `csv`. */
export type CsvConfig = z.output<typeof csvConfig>;

/** `jsonl`: one JSON object a line; the caption column holds a text or a list of texts. */
export const jsonlConfig = z.strictObject({
  ...columns,
  ...tableSplits,
  reader: z.literal('jsonl'),
  path: z.string().min(1),
});

/** Configuration of the reader `jsonl`. */
export type JsonlConfig = z.output<typeof jsonlConfig>;

/** Files of each part; a name may hold `{0000..0012}` and `*`. */
const partFiles = z.strictObject({
  train: z.array(z.string()).default([]),
  dev: z.array(z.string()).default([]),
  test: z.array(z.string()).default([]),
});

/** `parquet`: Parquet files, local or `http(s)://`, among them those of Hugging Face data sets; the image column holds a path, bytes or
 * `{bytes, path}`, the caption column a text or a list of texts. Neighbouring rows of one image are its captions. */
export const parquetConfig = z.strictObject({
  ...columns,
  reader: z.literal('parquet'),
  files: partFiles,
  /** A row group that takes longer to read is taken for damage. */
  stallMs: z.int().positive().default(60_000),
});

/** Configuration of the reader `parquet`. */
export type ParquetConfig = z.output<typeof parquetConfig>;

/** `webdataset`: tar files, local or `http(s)://`; files of one stem are a sample: an image, and captions in `txt` (one a
 * line) or under a key of `json`, where an `id` goes before the stem. */
export const webdatasetConfig = z.strictObject({
  ...common,
  reader: z.literal('webdataset'),
  files: partFiles,
  /** Key of the captions in `.json`: a text or a list of texts. */
  captionKey: z.string().default('captions'),
});

/** Configuration of the reader `webdataset`. */
export type WebdatasetConfig = z.output<typeof webdatasetConfig>;

/** `folder`: images, at any depth, with captions in a text file of the same stem, one a line. */
export const folderConfig = z.strictObject({
  ...common,
  reader: z.literal('folder'),
  path: z.string().min(1),
  splits: fractions.default({ dev: 0.1, test: 0.1 }),
});

/** Configuration of the reader `folder`. */
export type FolderConfig = z.output<typeof folderConfig>;

/** `manifest`: what `trainer:prepare` writes. */
export const manifestConfig = z.strictObject({ ...common, reader: z.literal('manifest'), path: z.string().min(1) });

/** Configuration of the reader `manifest`. */
export type ManifestConfig = z.output<typeof manifestConfig>;
