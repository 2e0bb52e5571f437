import type { DataConfig, MixConfig, SingleDataConfig } from './config.ts';
import type { Pair, Split } from './pair.ts';
import { readCoco } from './readers/coco.ts';
import { readCsv } from './readers/csv.ts';
import { readFlickr } from './readers/flickr.ts';
import { readFolder } from './readers/folder.ts';
import { readJsonl } from './readers/jsonl.ts';
import { readKarpathy } from './readers/karpathy.ts';
import { readManifest } from './readers/manifest.ts';
import { chainPairs, mixPairs } from './readers/mix.ts';
import { readParquet } from './readers/parquet.ts';
import type { ReadOptions } from './readers/read-options.ts';
import { readRoco } from './readers/roco.ts';
import { readScenes } from './readers/scenes.ts';
import { readWebdataset } from './readers/webdataset.ts';

/** Streams the pairs of one part of a data set, in a fixed order.
 * @throws {InputError} naming file and line of the first wrong item, unless `onInvalid` is `skip`. */
export function readPairs(config: DataConfig, split: Split, options: ReadOptions = {}): AsyncIterable<Pair> {
  return config.reader === 'mix' ? readMix(config, split, options) : readSingle(config, split, options);
}

function readSingle(config: SingleDataConfig, split: Split, options: ReadOptions): AsyncIterable<Pair> {
  switch (config.reader) {
    case 'scenes':
      return readScenes(config, split);
    case 'flickr8k':
    case 'flickr30k':
      return readFlickr(config, split, options);
    case 'coco':
      return readCoco(config, split, options);
    case 'karpathy':
      return readKarpathy(config, split, options);
    case 'roco':
      return readRoco(config, split, options);
    case 'csv':
      return readCsv(config, split, options);
    case 'jsonl':
      return readJsonl(config, split, options);
    case 'parquet':
      return readParquet(config, split, options);
    case 'webdataset':
      return readWebdataset(config, split, options);
    case 'folder':
      return readFolder(config, split, options);
    case 'manifest':
      return readManifest(config, split, options);
  }
}

function readMix(config: MixConfig, split: Split, options: ReadOptions): AsyncIterable<Pair> {
  const sets = config.sets.map(({ name, weight, data }) => ({ name, weight, pairs: readSingle(data, split, options) }));
  return split === 'train' ? mixPairs(sets, config.seed) : chainPairs(sets);
}
