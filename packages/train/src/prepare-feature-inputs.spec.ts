import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Pair } from '@azclip/data';
import type { ImageTower } from '@azclip/encoders-image';
import * as tf from '@tensorflow/tfjs';

import { parseFitConfig, type FitConfig } from './config.ts';
import { prepareFeatureInputs } from './prepare-feature-inputs.ts';

/** A frozen tower whose features are the four reds of a 2 × 2 image. */
const tower: ImageTower = {
  name: 'reds',
  fingerprint: 'none',
  preprocessing: { size: 2, resize: 2, fit: 'squash', interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  featureDim: 4,
  grid: undefined,
  init: () => ({}),
  isFrozen: () => true,
  apply: (_params, pixels) => tf.tidy(() => tf.reshape(tf.slice(pixels, [0, 0, 0, 0], [-1, 2, 2, 1]), [-1, 4])),
  dispose: () => undefined,
};

/** Columns of red 0, 1/3, 2/3 and 1: an image that a mirror changes. */
const columns = (imageId: string, caption: string): Pair => ({
  imageId,
  image: {
    pixels: Uint8Array.from({ length: 24 }, (_, i) => 85 * (Math.trunc(i / 3) % 4)),
    width: 4,
    height: 2,
    name: imageId,
  },
  captions: [caption],
});
const free = columns('free', 'bir it');
const guarded = columns('guarded', 'solda bir it');

const folder = mkdtempSync(join(tmpdir(), 'azclip-features-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function configOf(image: object): FitConfig {
  return parseFitConfig({
    name: 'test',
    data: { reader: 'scenes' },
    image: { tower: { name: 'tfjs', folder: 'none' }, ...image },
    text: { tower: { name: 'bag', dim: 8, contextLength: 8 } },
    featureCache: folder,
  });
}

async function prepare(image: object, train: readonly Pair[], dev: readonly Pair[]) {
  const preparation = prepareFeatureInputs(tower, { train, dev, test: [] }, configOf(image));
  const told: string[] = [];
  for (;;) {
    const { done, value } = await preparation.next();
    if (done) return { ...value, told };
    if (value.kind === 'preparation') told.push(`${value.what} ${String(value.done)}/${String(value.total)}`);
  }
}

const always = { augmentation: [{ op: 'flip', probability: 1 }], views: 1 };

it('takes the image itself and its views in turn, epoch by epoch', async () => {
  const { inputs, told } = await prepare(always, [free], [guarded]);
  const plain = [...(await inputs.rowOf(free))];
  const mirrored = [plain[1], plain[0], plain[3], plain[2]];
  const seen = await Promise.all(
    [0, 1, 2, 3].map(async (epoch) => [...((await inputs.trainingRowOf?.(free, epoch)) ?? [])]),
  );
  expect(plain[0]).toBeLessThan(plain[1] ?? 0);
  expect(seen.flat()).toBeAllClose([plain, mirrored, plain, mirrored].flat() as number[], 1e-6);
  expect(told.at(-1)).toBe('features of augmented views 1/1');
});

it('does not mirror an image of which any caption speaks of a side', async () => {
  const { inputs } = await prepare(always, [guarded], []);
  expect((await inputs.trainingRowOf?.(guarded, 1)) ?? []).toBeAllClose([...(await inputs.rowOf(guarded))], 1e-6);
});

it('draws another view for another number and seed, the same for the same', async () => {
  const crops = { augmentation: [{ op: 'randomResizedCrop' }], views: 2 };
  const rows = async () => {
    const { inputs } = await prepare(crops, [free], []);
    return Promise.all([1, 2].map(async (epoch) => [...((await inputs.trainingRowOf?.(free, epoch)) ?? [])]));
  };
  const [first, second] = await rows();
  expect(first).not.toEqual(second);
  expect(await rows()).toEqual([first, second]);
});

it('gives one row to all epochs where there are no views', async () => {
  const { inputs } = await prepare({}, [free], []);
  expect(inputs.trainingRowOf).toBeUndefined();
});
