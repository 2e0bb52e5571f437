import type { ImagePreprocessing } from '@azclip/data';

import type { ImageTowerConfig, ResnetConfig } from './config.ts';
import { tfjsTower } from './frozen/tfjs-tower.ts';
import { checkEnhancements } from './enhancements.ts';
import type { ImageTower } from './image-tower.ts';
import { towerOf } from './network/tower-of.ts';
import type { ImageWeightsOptions } from './pretrained/load-image-weights.ts';
import { namedTower } from './pretrained/named-tower.ts';
import { resnet } from './resnet/resnet.ts';

/** Makes the tower that `config` names. Files are read where it is frozen, or to learn what images its weights expect.
 * @throws {InputError} if a file that `config` names is missing or holds something else. */
export async function createImageTower(
  config: ImageTowerConfig,
  options: ImageWeightsOptions = {},
): Promise<ImageTower> {
  switch (config.name) {
    case 'resnet':
      checkEnhancements(config);
      return towerOf(resnet(config), {
        name: config.name,
        preprocessing: wholeImage(config),
        enhancements: config,
      });
    case 'tfjs':
      return tfjsTower(config);
    default:
      return namedTower(config, options);
  }
}

/** The whole image in a square, values in −1 … 1. */
const wholeImage = ({ size }: ResnetConfig): ImagePreprocessing => ({
  size,
  resize: size,
  fit: 'squash',
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
});
