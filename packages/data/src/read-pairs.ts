import type { DataConfig } from './config.ts';
import type { Pair, Split } from './pair.ts';
import { readCsv } from './readers/csv.ts';
import { readFlickr8k } from './readers/flickr8k.ts';
import type { ReadOptions } from './readers/read-options.ts';
import { readScenes } from './readers/scenes.ts';

/** Streams the pairs of one part of a data set, in a fixed order.
 * @throws {InputError} naming file and line of the first wrong item, unless `onInvalid` is `skip`. */
export function readPairs(config: DataConfig, split: Split, options: ReadOptions = {}): AsyncIterable<Pair> {
  switch (config.reader) {
    case 'scenes':
      return readScenes(config, split);
    case 'flickr8k':
      return readFlickr8k(config, split, options);
    case 'csv':
      return readCsv(config, split, options);
  }
}
