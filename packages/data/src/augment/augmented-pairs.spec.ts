import { collect } from '@azclip/base';

import { wavesOf } from '../testing.ts';
import { augmentedPairs } from './augmented-pairs.ts';
import { augmentationConfig } from './config.ts';

it('makes a set of its own, with the captions of the images it came from', async () => {
  const source = (async function* () {
    yield await Promise.resolve({ imageId: 'a', image: wavesOf(1), captions: ['bir it', 'it'] });
  })();
  const made = await collect(
    augmentedPairs(source, {
      steps: augmentationConfig.parse([{ op: 'randomResizedCrop' }]),
      preprocessing: { size: 16, resize: 16, fit: 'crop', interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
      copies: 2,
      seed: 1,
    }),
  );
  expect(made.map(({ imageId, captions }) => [imageId, ...captions])).toEqual([
    ['a#1', 'bir it', 'it'],
    ['a#2', 'bir it', 'it'],
  ]);
  expect(made[0]?.image).toMatchObject({ width: 16, height: 16, name: 'a#1' });
  expect(made[0]?.image).not.toEqual({ ...made[1]?.image, name: 'a#1' });
});
