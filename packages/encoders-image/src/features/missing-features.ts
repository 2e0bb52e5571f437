import { CorruptImageError, decodeImage } from '@azclip/data';
import { join } from 'node:path';

import type { ImageTower } from '../image-tower.ts';
import type { IdentifiedImage } from './cached-features.ts';
import { imageKey, readSource, towerKey } from './feature-keys.ts';
import { FeatureStore } from './feature-store.ts';
import { mapAhead } from './map-ahead.ts';

/** Images read at the same time. */
const READERS = 4;

/** Images whose features `cachedFeatures` would still compute into `folder`; those that cannot be decoded have none and
 * are not among them.
 * @throws {InputError} naming a file that cannot be read or a cache file that is damaged. */
export async function* missingFeatures(
  tower: ImageTower,
  images: Iterable<IdentifiedImage>,
  folder: string,
): AsyncGenerator<IdentifiedImage> {
  const store = await FeatureStore.open(join(folder, towerKey(tower)), tower.featureDim);
  const looked = mapAhead(images, READERS, async (image) => ({ image, lacks: await lacksFeatures(image, store) }));
  for await (const { image, lacks } of looked) if (lacks) yield image;
}

async function lacksFeatures({ source, view }: IdentifiedImage, store: FeatureStore): Promise<boolean> {
  const read = await readSource(source);
  if (store.has(imageKey(read, view?.key))) return false;
  try {
    await decodeImage(read);
    return true;
  } catch (error) {
    if (error instanceof CorruptImageError) return false;
    throw error;
  }
}
