import { createRandom, joinFloats } from '@azclip/base';
import {
  CorruptImageError,
  preprocessImage,
  raiseIssue,
  type ImageSource,
  type IssuePolicy,
  type OnIssue,
} from '@azclip/data';
import { flattenParams } from '@azclip/nn';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

import type { ImageTower } from '../image-tower.ts';
import { compiledFeatures, type ComputeFeatures } from './compute-features.ts';
import { imageKey, readSource, towerKey } from './feature-keys.ts';
import { FeatureStore } from './feature-store.ts';
import { inGroups, mapAhead } from './map-ahead.ts';

/** An image and the name that its features are given back under. */
export interface IdentifiedImage {
  readonly id: string;
  readonly source: ImageSource;
  /** Where the tower is to see not the image but what an augmentation makes of it. */
  readonly view?: ImageView;
}

/** An augmented view of an image whose features are kept like those of the image itself. */
export interface ImageView {
  /** All that the view depends on beside image and preprocessing: steps, seed, number. Part of the key of the features. */
  readonly key: string;
  /** Makes the view: [size, size, 3], normalised as the tower takes it.
   * @throws {CorruptImageError} if the image cannot be decoded whole. */
  readonly pixels: (source: ImageSource) => Promise<Float32Array>;
}

/** The features of one image. */
export interface ImageFeatures {
  readonly id: string;
  /** [featureDim] */
  readonly features: Float32Array;
  /** Whether they stood on disk already. */
  readonly cached: boolean;
}

/** Where features are kept, and how they are computed where they are not there yet. */
export interface CachedFeaturesOptions {
  /** Holds a sub-folder for each tower. */
  readonly folder: string;
  /** How features are computed; default: the tower as one ONNX graph on the processor. */
  readonly compute?: ComputeFeatures;
  /** Images of one computation; default 32. */
  readonly batchSize?: number;
  /** Images read and decoded at the same time; default 4. */
  readonly readers?: number;
  /** Rows of one file of the cache; default 1024. */
  readonly rowsPerFile?: number;
  /** What to do with a corrupt image; default `fail`. */
  readonly onCorrupt?: IssuePolicy;
  readonly onIssue?: OnIssue;
}

/** Features of images by a frozen tower, in the images' order: from disk where the same image has met the same weights
 * and preprocessing before, else computed, in batches, while the next images are being read. They are kept also if the
 * consumer stops early.
 * @throws {DataError} at the first corrupt image under `onCorrupt: fail`.
 * @throws {InputError} naming a file that cannot be read or a cache file that is damaged. */
export async function* cachedFeatures(
  tower: ImageTower,
  images: AsyncIterable<IdentifiedImage> | Iterable<IdentifiedImage>,
  options: CachedFeaturesOptions,
): AsyncGenerator<ImageFeatures> {
  const { folder, batchSize = 32, readers = 4, rowsPerFile = 1024, onCorrupt = 'fail', onIssue } = options;
  const store = await FeatureStore.open(join(folder, towerKey(tower)), tower.featureDim);
  const { compute, dispose }: Computation = options.compute
    ? { compute: options.compute }
    : compiledTower(tower, batchSize);
  try {
    const looked = mapAhead(images, readers, (image) => lookUp(image, store, tower));
    const computed = mapAhead(inGroups(looked, batchSize), 2, (group) => completed(group, compute, tower.featureDim));
    for await (const group of computed) {
      for (const item of group) {
        if (item instanceof CorruptImageError) raiseIssue(item.issue, onCorrupt, onIssue);
        else yield keep(item, store);
      }
      if (store.unwritten >= rowsPerFile) await store.flush();
    }
  } finally {
    dispose?.();
    await store.flush();
    await store.close();
  }
}

interface Computation {
  readonly compute: ComputeFeatures;
  readonly dispose?: () => void;
}

/** The graph of a frozen tower; it holds the weights, the parameters are freed with it. */
function compiledTower(tower: ImageTower, batchSize: number): Computation {
  const params = tower.init(createRandom(0)); // frozen: nothing is drawn
  const { compute, dispose } = compiledFeatures(tower, params, batchSize);
  return {
    compute,
    dispose: () => {
      dispose();
      tf.dispose(flattenParams(params));
    },
  };
}

/** An image on its way: with features from disk, or with the pixels that they are to be computed from. */
interface Looked {
  readonly id: string;
  readonly key: Buffer;
  readonly found: { readonly features: Float32Array } | { readonly pixels: Float32Array };
}

/** An image at its end. */
type Completed = ImageFeatures & { readonly key: Buffer };

async function lookUp(
  { id, source, view }: IdentifiedImage,
  store: FeatureStore,
  { preprocessing }: ImageTower,
): Promise<Looked | CorruptImageError> {
  const read = await readSource(source);
  const key = imageKey(read, view?.key);
  const features = await store.get(key);
  if (features) return { id, key, found: { features } };
  try {
    return { id, key, found: { pixels: await (view ? view.pixels(read) : preprocessImage(read, preprocessing)) } };
  } catch (error) {
    if (error instanceof CorruptImageError) return error;
    throw error;
  }
}

async function completed(
  group: readonly (Looked | CorruptImageError)[],
  compute: ComputeFeatures,
  featureDim: number,
): Promise<readonly (Completed | CorruptImageError)[]> {
  const pixels = group.flatMap((item) => ('found' in item && 'pixels' in item.found ? [item.found.pixels] : []));
  const rows = pixels.length > 0 ? await compute(joinFloats(pixels), pixels.length) : new Float32Array();
  let row = 0;
  return group.map((item) => {
    if (item instanceof CorruptImageError) return item;
    const { id, key, found } = item;
    if ('features' in found) return { id, key, features: found.features, cached: true };
    const features = rows.slice(row * featureDim, (row + 1) * featureDim);
    row += 1;
    return { id, key, features, cached: false };
  });
}

function keep({ id, key, features, cached }: Completed, store: FeatureStore): ImageFeatures {
  if (!cached) store.put(key, features);
  return { id, features, cached };
}
