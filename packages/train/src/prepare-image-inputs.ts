import { join } from 'node:path';

import { CorruptImageError, type OnIssue, type Pair } from '@azclip/data';
import { cachedFeatures, type ImageTower } from '@azclip/encoders-image';

import type { ImageInputs } from './batches/image-inputs.ts';
import { pixelInputs } from './batches/pixel-inputs.ts';
import type { FitConfig } from './config.ts';
import type { IssueReport, PreparationReport } from './report.ts';

/** The images of a run as its tower takes them, and what was found wrong with some. */
export interface PreparedImages {
  readonly inputs: ImageInputs;
  /** Ids of images that cannot be decoded and are to be passed over. */
  readonly corrupt: ReadonlySet<string>;
}

type Preparation = AsyncGenerator<PreparationReport | IssueReport, PreparedImages>;

/** The images of a run as its tower takes them: pixels where the tower learns, else features out of the cache, which is
 * filled first.
 * @throws {DataError} at the first image that cannot be decoded, where the config does not say to skip it. */
export async function* prepareImageInputs(tower: ImageTower, pairs: readonly Pair[], config: FitConfig): Preparation {
  if (tower.fingerprint !== undefined) return yield* featureInputs(tower, pairs, config);
  return yield* checkedPixelInputs(tower, pairs, config);
}

/** Where corrupt images are to be skipped, each image is decoded once beforehand: a batch must not lose a row later. */
async function* checkedPixelInputs(tower: ImageTower, pairs: readonly Pair[], config: FitConfig): Preparation {
  const inputs = pixelInputs(tower.preprocessing);
  const corrupt = new Set<string>();
  if (config.data.onCorrupt === 'fail') return { inputs, corrupt };
  for (const [index, pair] of pairs.entries()) {
    try {
      await inputs.rowOf(pair);
    } catch (error) {
      if (!(error instanceof CorruptImageError)) throw error;
      corrupt.add(pair.imageId);
      yield { kind: 'issue', issue: error.issue };
    }
    yield { kind: 'preparation', what: 'checking images', done: index + 1, total: pairs.length };
  }
  return { inputs, corrupt };
}

async function* featureInputs(tower: ImageTower, pairs: readonly Pair[], config: FitConfig): Preparation {
  const folder = config.featureCache ?? join(config.output, 'features');
  const rows = new Map<string, Float32Array>();
  const issues: IssueReport[] = [];
  const onIssue: OnIssue = (issue) => issues.push({ kind: 'issue', issue });
  const images = pairs.map(({ imageId, image }) => ({ id: imageId, source: image }));
  for await (const { id, features } of cachedFeatures(tower, images, {
    folder,
    onCorrupt: config.data.onCorrupt,
    onIssue,
  })) {
    rows.set(id, features);
    yield* issues.splice(0);
    yield { kind: 'preparation', what: 'image features', done: rows.size, total: pairs.length };
  }
  yield* issues;
  const corrupt = new Set(pairs.map(({ imageId }) => imageId).filter((id) => !rows.has(id)));
  const rowOf = ({ imageId }: Pair): Promise<Float32Array> => Promise.resolve(rows.get(imageId) as Float32Array);
  return { inputs: { rowShape: [tower.featureDim], rowOf }, corrupt };
}
