import { join } from 'node:path';
import { readLines } from '@azclip/base';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionLine } from './caption-groups.ts';
import { readCsvTable } from './csv-table.ts';
import { pairsOfGroups } from './pairs-of-groups.ts';
import type { ReadOptions } from './read-options.ts';
import type { RocoConfig } from './reader-configs.ts';

const FOLDERS: Readonly<Record<1 | 2, Readonly<Record<Split, string>>>> = {
  1: { train: 'train', dev: 'validation', test: 'test' },
  2: { train: 'train', dev: 'valid', test: 'test' },
};

/** Reads the radiology figures of ROCO: version 1 by folder, version 2 by table.
 * @see Pelka et al. 2018 (https://github.com/razorx89/roco-dataset); Rückert et al. 2024 (ROCOv2,
 * https://doi.org/10.1038/s41597-024-03496-6)
 * @throws {InputError} if a file is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readRoco(config: RocoConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const part = FOLDERS[config.version][split];
  const folder = config.version === 1 ? join(config.root, part, config.subset, 'images') : join(config.root, part);
  const lines = config.version === 1 ? versionOne(config, part, options) : versionTwo(config, part);
  const groups = await groupCaptions(lines, config.onInvalid, options);
  yield* pairsOfGroups(groups, folder, config.onInvalid, options);
}

/** Lines `ROCO_00001<tab> caption`. */
async function* versionOne(config: RocoConfig, part: string, { onIssue }: ReadOptions): AsyncGenerator<CaptionLine> {
  const path = join(config.root, part, config.subset, 'captions.txt');
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const place = `${path}:${String(number)}`;
    const match = /^(?<id>[\w-]+)\t(?<caption>.*)$/u.exec(text)?.groups;
    if (match) yield { image: `${match.id ?? ''}.jpg`, caption: match.caption ?? '', place };
    else {
      const message = `expected "id<tab>caption", got ${JSON.stringify(text.slice(0, 60))}`;
      raiseIssue({ kind: 'malformed', place, message }, config.onInvalid, onIssue);
    }
  }
}

async function* versionTwo(config: RocoConfig, part: string): AsyncGenerator<CaptionLine> {
  const path = join(config.root, `${part}_captions.csv`);
  for await (const { values, place } of readCsvTable(path, ',', ['ID', 'Caption'])) {
    yield { image: `${values.get('ID') ?? ''}.jpg`, caption: values.get('Caption') ?? '', place };
  }
}
