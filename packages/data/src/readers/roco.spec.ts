import { collect } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { rocoConfig } from './reader-configs.ts';
import { readRoco } from './roco.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

it('reads version 1 by folder and version 2 by table', async () => {
  const jpeg = await jpegOf();
  const root = await folderOf({
    'validation/radiology/captions.txt': 'ROCO_00020\t Axial scan.\n',
    'validation/radiology/images/ROCO_00020.jpg': jpeg,
    'valid_captions.csv': 'ID,Caption\nROCOv2_2023_valid_000001,"Chest, frontal."\n',
    'valid/ROCOv2_2023_valid_000001.jpg': jpeg,
  });
  const config = (version: number) => rocoConfig.parse({ reader: 'roco', root, version });
  expect(brief(await collect(readRoco(config(1), 'dev')))).toEqual([['ROCO_00020.jpg', 'Axial scan.']]);
  expect(brief(await collect(readRoco(config(2), 'dev')))).toEqual([
    ['ROCOv2_2023_valid_000001.jpg', 'Chest, frontal.'],
  ]);
});
