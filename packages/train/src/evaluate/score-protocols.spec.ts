import type { Pair } from '@azclip/data';
import { splitFingerprint } from '@azclip/metrics';

import { scoreProtocols } from './score-protocols.ts';

const pair = (imageId: string, ...captions: string[]): Pair => ({ imageId, image: { path: imageId }, captions });
const dev = [pair('a', 'bir it', 'ağ it'), pair('b', 'pişik')];

it('tells gallery, queries, positives and fingerprint of each scored part', () => {
  const split = splitFingerprint(dev);
  expect(scoreProtocols({ train: [], dev, test: [] })).toEqual({
    'dev/text-to-image': `text→image, gallery 2, queries 3, positives per query 1, K 10, split ${split}`,
    'dev/image-to-text': `image→text, gallery 3, queries 2, positives per query 1.50 (1–2), K 10, split ${split}`,
  });
});

it('has no line for a part that was not scored', () => {
  expect(Object.keys(scoreProtocols({ dev: [], test: dev }))).toEqual(['test/text-to-image', 'test/image-to-text']);
});
