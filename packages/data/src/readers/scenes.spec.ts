import { collect } from '@azclip/base';

import { scenesConfig } from './reader-configs.ts';
import { readScenes } from './scenes.ts';

const config = (more: object = {}) =>
  scenesConfig.parse({ reader: 'scenes', train: 40, dev: 20, test: 20, imageSize: 32, ...more });

it('draws the same pictures from the same seed and others from another', async () => {
  const [first, again, other] = await Promise.all(
    [1, 1, 2].map((seed) => collect(readScenes(config({ seed }), 'dev'))),
  );
  expect(again).toEqual(first);
  expect(other?.[0]?.captions).not.toEqual(first?.[0]?.captions);
});

it('has square pictures, unique ids and five different captions each', async () => {
  const pairs = await collect(readScenes(config(), 'train'));
  expect(new Set(pairs.map(({ imageId }) => imageId)).size).toBe(40);
  for (const { image, captions } of pairs) {
    expect(image).toMatchObject({ width: 32, height: 32 });
    expect(new Set(captions).size).toBe(5);
  }
});

it('shows the same things in another language', async () => {
  const az = await collect(readScenes(config(), 'test'));
  const en = await collect(readScenes(config({ language: 'en' }), 'test'));
  expect(en.map(({ image }) => image)).toEqual(az.map(({ image }) => image));
  expect(en[0]?.captions[0]).toMatch(/^[ -~]+$/);
});

it.each(['flat', 'sketch', 'photographic'] as const)('draws more than one colour, %s', async (domain) => {
  for (const { image } of await collect(readScenes(config({ domain, dev: 5 }), 'dev'))) {
    const pixels = 'pixels' in image ? image.pixels : new Uint8Array();
    expect(new Set(pixels).size).toBeGreaterThan(10);
  }
});
