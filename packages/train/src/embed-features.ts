import { InputError, inShard, type Shard } from '@azclip/base';
import type { OnIssue, Pair } from '@azclip/data';
import { missingFeatures, type ImageTower } from '@azclip/encoders-image';
import { useBackend } from '@azclip/nn';

import { parseFitConfig, type FitConfig, type FitConfigInput } from './config.ts';
import { featureFolder, imagesOf, prepareFeatureInputs, viewsOf } from './prepare-feature-inputs.ts';
import { checkAugmentation, imageTowerOf } from './prepare-run.ts';
import { readParts, type Parts } from './read-parts.ts';
import type { FitReport, IssueReport } from './report.ts';

/** What to embed, and on what. */
export interface EmbedFeaturesOptions {
  /** The share of the images that belongs to this job; all by default. */
  readonly shard?: Shard | undefined;
  /** Folder whose `node_modules` hold a binding of libtensorflow that was built on this machine. */
  readonly nativeFolder?: string | undefined;
}

/** What was done, or looked at. */
export interface EmbeddedFeatures {
  readonly folder: string;
  /** Images, each of their views counted as one. */
  readonly images: number;
}

/** Embeds the images of a run by its frozen tower into the cache where `trainClip` looks for them. Jobs of an array fill one
 * folder at the same time; what is there already is not computed again. What was computed stays if the consumer stops.
 * @yields how far it has come.  @throws {InputError} if the tower learns, or the data are not as the config says. */
export async function* embedFeatures(
  config: FitConfigInput,
  { shard, nativeFolder }: EmbedFeaturesOptions = {},
): AsyncGenerator<FitReport, EmbeddedFeatures> {
  const checked = parseFitConfig(config);
  const { tower, parts } = yield* openWork(checked, nativeFolder);
  try {
    const own = shard === undefined ? parts : mapParts(parts, ({ imageId }) => inShard(imageId, shard));
    const { corrupt } = yield* prepareFeatureInputs(tower, own, checked);
    const embedded = mapParts(own, ({ imageId }) => !corrupt.has(imageId));
    return { folder: featureFolder(checked), images: toEmbed(tower, embedded, checked).length };
  } finally {
    tower.dispose();
  }
}

/** Checks that the jobs of an array have left nothing for `trainClip` to compute. Nothing is embedded.
 * @throws {InputError} saying how many images have no features, and naming one. */
export async function* requireFeatures(
  config: FitConfigInput,
  { nativeFolder }: Omit<EmbedFeaturesOptions, 'shard'> = {},
): AsyncGenerator<FitReport, EmbeddedFeatures> {
  const checked = parseFitConfig(config);
  const { tower, parts } = yield* openWork(checked, nativeFolder);
  try {
    const images = toEmbed(tower, parts, checked);
    const folder = featureFolder(checked);
    const missing: string[] = [];
    for await (const { id } of missingFeatures(tower, images, folder)) missing.push(id);
    const [first] = missing;
    if (first === undefined) return { folder, images: images.length };
    const none = `none of ${String(missing.length)}, such as "${first}"`;
    throw new InputError(
      `${folder}: expected features of all ${String(images.length)} images, got ${none}; run the jobs again`,
    );
  } finally {
    tower.dispose();
  }
}

async function* openWork(
  config: FitConfig,
  nativeFolder: string | undefined,
): AsyncGenerator<FitReport, { readonly tower: ImageTower; readonly parts: Parts }> {
  const { backend, reason } = await useBackend(config.backend, { nativeFolder });
  yield { kind: 'note', message: `backend ${backend}: ${reason}` };
  const issues: IssueReport[] = [];
  const onIssue: OnIssue = (issue) => issues.push({ kind: 'issue', issue });
  const parts = await readParts(config, onIssue);
  yield* issues;
  const tower = await imageTowerOf(config);
  if (tower.fingerprint === undefined) {
    const got = `got ${tower.name}, which learns`;
    tower.dispose();
    throw new InputError(`image.tower: expected a frozen tower, whose features stay what they are, ${got}`);
  }
  checkAugmentation(config, tower);
  return { tower, parts };
}

const toEmbed = (tower: ImageTower, parts: Parts, config: FitConfig): ReturnType<typeof imagesOf> => [
  ...imagesOf(Object.values(parts).flat()),
  ...viewsOf(tower, parts.train, config),
];

const mapParts = ({ train, dev, test }: Parts, keep: (pair: Pair) => boolean): Parts => ({
  train: train.filter(keep),
  dev: dev.filter(keep),
  test: test.filter(keep),
});
