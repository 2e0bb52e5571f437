import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';
import { createImageTower, imageTowerConfig } from '@azclip/encoders-image';
import { flattenParams } from '@azclip/nn';

import { withImageWeights } from './load-image-weights.ts';

const weights = join(__dirname, '../../../../../shared/data/mobilenetv2-035');
const hub = { cacheDir: '/nowhere', offline: true };
const here = existsSync(weights) ? it : it.skip;

here('takes stored values for a tower that learns, whatever the seed (needs shared/data/mobilenetv2-035)', async () => {
  const config = imageTowerConfig.parse({ name: 'mobilenet_v2', width: 0.35, library: 'keras', size: 32, weights });
  const tower = await createImageTower(config, { hub });
  const loaded = async (seed: number): Promise<number[]> => {
    const params = await withImageWeights(tower.init(createRandom(seed)), tower, config, hub);
    return Object.values(flattenParams(params)).map((tensor) => tensor.dataSync()[0] ?? NaN);
  };
  expect(await loaded(1)).toEqual(await loaded(2));
});

it('leaves a tower alone whose config names no weights', async () => {
  const config = imageTowerConfig.parse({ name: 'resnet', size: 16, widths: [4], depths: [1] });
  const tower = await createImageTower(config);
  const fresh = tower.init(createRandom(1));
  expect(await withImageWeights(fresh, tower, config, hub)).toBe(fresh);
});
