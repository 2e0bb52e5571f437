import { join } from 'node:path';

import type { OnIssue, Pair, Split } from '@azclip/data';
import { cachedFeatures, type IdentifiedImage, type ImageTower } from '@azclip/encoders-image';

import { augmentedView } from './batches/augmented-view.ts';
import type { ImagePreparation } from './batches/image-inputs.ts';
import type { FitConfig } from './config.ts';
import type { IssueReport, PreparationReport } from './report.ts';

/** Features of a frozen tower as the images of a run: of each image, and of the augmented views of those of `train`. All
 * come out of the cache of the config, which is filled first. */
export async function* prepareFeatureInputs(
  tower: ImageTower,
  parts: Readonly<Record<Split, readonly Pair[]>>,
  config: FitConfig,
): ImagePreparation {
  const pairs = Object.values(parts).flat();
  const rows = yield* computed(tower, imagesOf(pairs), 'image features', config);
  const corrupt = new Set(pairs.map(({ imageId }) => imageId).filter((id) => !rows.has(id)));
  const rowOf = ({ imageId }: Pair): Promise<Float32Array> => Promise.resolve(rows.get(imageId) as Float32Array);
  const inputs = { rowShape: [tower.featureDim], rowOf };
  const { views } = config.image;
  if (views === 0) return { inputs, corrupt };

  const seen = parts.train.filter(({ imageId }) => !corrupt.has(imageId));
  const ofViews = yield* computed(tower, viewsOf(tower, seen, config), 'features of augmented views', config);
  const trainingRowOf = (pair: Pair, epoch: number): Promise<Float32Array> => {
    const view = epoch % (views + 1);
    return view === 0 ? rowOf(pair) : Promise.resolve(ofViews.get(viewId(pair, view)) as Float32Array);
  };
  return { inputs: { ...inputs, trainingRowOf }, corrupt };
}

/** The images of pairs, as a tower is to embed them. */
export const imagesOf = (pairs: readonly Pair[]): IdentifiedImage[] =>
  pairs.map(({ imageId, image }) => ({ id: imageId, source: image }));

/** The augmented views of training images. */
export const viewsOf = (tower: ImageTower, train: readonly Pair[], config: FitConfig): IdentifiedImage[] =>
  train.flatMap((pair) => Array.from({ length: config.image.views }, (_, i) => viewOf(tower, pair, i + 1, config)));

/** Where the features of frozen towers are kept. */
export const featureFolder = ({ featureCache, output }: FitConfig): string => featureCache ?? join(output, 'features');

const viewId = ({ imageId }: Pair, view: number): string => `${imageId}#${String(view)}`;

function viewOf(tower: ImageTower, pair: Pair, view: number, config: FitConfig): IdentifiedImage {
  const { seed, image } = config;
  return {
    id: viewId(pair, view),
    source: pair.image,
    view: augmentedView(pair, { steps: image.augmentation, preprocessing: tower.preprocessing, seed, view }),
  };
}

/** Features by id, in memory. */
async function* computed(
  tower: ImageTower,
  images: readonly IdentifiedImage[],
  what: string,
  config: FitConfig,
): AsyncGenerator<PreparationReport | IssueReport, ReadonlyMap<string, Float32Array>> {
  const rows = new Map<string, Float32Array>();
  const issues: IssueReport[] = [];
  const onIssue: OnIssue = (issue) => issues.push({ kind: 'issue', issue });
  const options = { folder: featureFolder(config), onCorrupt: config.data.onCorrupt, onIssue };
  for await (const { id, features } of cachedFeatures(tower, images, options)) {
    rows.set(id, features);
    yield* issues.splice(0);
    yield { kind: 'preparation', what, done: rows.size, total: images.length };
  }
  yield* issues;
  return rows;
}
