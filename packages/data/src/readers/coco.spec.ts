import { collect } from '@azclip/base';

import type { Pair } from '../pair.ts';
import { folderOf, jpegOf } from '../testing.ts';
import { readCoco } from './coco.ts';
import { cocoConfig } from './reader-configs.ts';

const brief = (pairs: readonly Pair[]) => pairs.map(({ imageId, captions }) => [imageId, ...captions]);

const annotations = (more: object = {}) =>
  JSON.stringify({
    info: {},
    images: [
      { id: 7, file_name: 'a.jpg', height: 1 },
      { id: 9, file_name: 'b.jpg' },
    ],
    annotations: [
      { id: 1, image_id: 9, caption: 'A house.\n' },
      { id: 2, image_id: 7, caption: 'A dog.' },
      { id: 3, image_id: 7, caption: 'A black dog.' },
    ],
    ...more,
  });
const read = async (content: string, more: object = {}) => {
  const jpeg = await jpegOf();
  const root = await folderOf({
    'annotations/captions_train2017.json': content,
    'train2017/a.jpg': jpeg,
    'train2017/b.jpg': jpeg,
  });
  const config = cocoConfig.parse({ reader: 'coco', root, ...more });
  return collect(readCoco(config, 'train'));
};

it('joins images and captions by id', async () => {
  expect(brief(await read(annotations()))).toEqual([
    ['a.jpg', 'A dog.', 'A black dog.'],
    ['b.jpg', 'A house.'],
  ]);
});

it.each([
  ['an image without captions', { images: [{ id: 8, file_name: 'a.jpg' }] }, 'image 8: expected captions, got none'],
  ['a record of another form', { annotations: [{ image_id: 'x', caption: '' }] }, 'annotations[0]: image_id:'],
  [
    'a name that leads elsewhere',
    { images: [{ id: 7, file_name: '../a.jpg' }] },
    'images[0]: file_name: expected a file',
  ],
  ['no images', { images: [] }, 'expected the members "images" and "annotations"'],
  [
    'an empty caption',
    { annotations: [{ image_id: 7, caption: ' ' }] },
    'annotations[0]: expected a caption of image 7',
  ],
])('names %s', async (_, more, message) => {
  await expect(read(annotations(more))).rejects.toThrow(message);
});

it('says where the test part is to be had', async () => {
  const config = cocoConfig.parse({ reader: 'coco', root: '/x' });
  await expect(collect(readCoco(config, 'test'))).rejects.toThrow('reader "karpathy"');
});
