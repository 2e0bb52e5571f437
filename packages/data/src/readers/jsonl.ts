import { dirname } from 'node:path';
import { readJsonLines } from '@azclip/base';
import { z } from 'zod';

import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionLine } from './caption-groups.ts';
import { hashSplit } from './hash-split.ts';
import { pairsOfGroups } from './pairs-of-groups.ts';
import type { ReadOptions } from './read-options.ts';
import type { JsonlConfig } from './reader-configs.ts';
import { splitOfName } from './split-name.ts';

/** Reads one JSON object a line with an image and one or more captions; lines of one image are taken together.
 * @throws {InputError} if the file or a key is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readJsonl(config: JsonlConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const groups = await groupCaptions(linesOf(config, split), config.onInvalid, options);
  yield* pairsOfGroups(groups, config.images ?? dirname(config.path), config.onInvalid, options);
}

async function* linesOf(config: JsonlConfig, wanted: Split): AsyncGenerator<CaptionLine> {
  const { path, imageColumn, captionColumn, splitColumn } = config;
  const schema = z.looseObject({
    [imageColumn]: z.string().min(1),
    [captionColumn]: z.union([z.string(), z.array(z.string())]),
    ...(splitColumn === undefined ? {} : { [splitColumn]: z.string() }),
  });
  let number = 0;
  for await (const record of readJsonLines(path, schema)) {
    number += 1;
    const place = `${path}: record ${String(number)}`;
    const image = record[imageColumn] as string;
    const split =
      splitColumn === undefined ? hashSplit(image, config.splits) : splitOfName(record[splitColumn] as string, place);
    if (split !== wanted) continue;
    for (const caption of [record[captionColumn] as string | string[]].flat()) yield { image, caption, place };
  }
}
