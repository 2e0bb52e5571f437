import { createRandom } from '@azclip/base';

import type { ScenesConfig } from './reader-configs.ts';
import type { Pair, Split } from '../pair.ts';
import { azerbaijaniCaptions } from '../scenes/azerbaijani.ts';
import { englishCaptions } from '../scenes/english.ts';
import { renderScene } from '../scenes/render-scene.ts';
import { drawScenes } from '../scenes/scene.ts';
import { SpriteSheet } from '../scenes/sprites.ts';

/** Draws the scenes of a part. Each scene has a stream of chance of its own, so that other captions or another domain
 * show the same things in the same places. */
export async function* readScenes(config: ScenesConfig, split: Split): AsyncGenerator<Pair> {
  const random = createRandom(config.seed).fork(split);
  const sheet = new SpriteSheet(config.domain);
  const captionsOf = config.language === 'az' ? azerbaijaniCaptions : englishCaptions;
  let number = 0;
  for (const scene of drawScenes(split, config[split], random.fork('scenes'))) {
    const imageId = `${split}-${String(number).padStart(5, '0')}`;
    const options = { side: config.imageSize, domain: config.domain, random: random.fork(number) };
    const image = await renderScene(scene, sheet, options);
    number += 1;
    yield { imageId, image: { ...image, name: imageId }, captions: captionsOf(scene) };
  }
}
