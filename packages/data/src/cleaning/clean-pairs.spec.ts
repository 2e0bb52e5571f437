import sharp from 'sharp';
import { collect } from '@azclip/base';

import type { ImageSource, Pair } from '../pair.ts';
import { wavesOf } from '../testing.ts';
import { cleanPairs, SeenImages } from './clean-pairs.ts';
import { cleaningConfig } from './config.ts';
import { summarise, type LedgerEntry, type RuleSummary } from './ledger.ts';

const pair = (imageId: string, image: ImageSource, ...captions: string[]): Pair => ({ imageId, image, captions });

async function clean(pairs: Pair[], more: object = {}, seen = new SeenImages()) {
  const entries: LedgerEntry[] = [];
  const config = cleaningConfig.parse(more);
  const stream = (async function* () {
    yield* await Promise.resolve(pairs);
  })();
  const options = { config, split: 'train', seen, onEntry: (entry: LedgerEntry) => void entries.push(entry) } as const;
  const kept = await collect(cleanPairs(stream, options));
  return {
    kept: kept.map((item) => item.pair),
    entries,
    said: entries.map(({ rule, action, image }) => `${rule} ${action} ${image}`),
  };
}

it('mends captions and drops those that cannot be mended, with a word on each', async () => {
  const captions = ['qara  it <b>qaçır</b>', 'it', 'qara it qaçır', 'черная собака', 'iki uşaq oynayır'];
  const { kept, entries, said } = await clean([pair('a', wavesOf(1), ...captions)]);
  expect(kept.map(({ captions: left }) => left)).toEqual([['qara it qaçır', 'iki uşaq oynayır']]);
  expect(said).toEqual([
    'markup repair-caption a',
    'too-short drop-caption a',
    'repeated-caption drop-caption a',
    'wrong-script drop-caption a',
  ]);
  expect(entries[0]).toMatchObject({ caption: 'qara  it <b>qaçır</b>', repaired: 'qara it qaçır', split: 'train' });
});

it('asks for the number of captions that the configuration names, and for one at least', async () => {
  const pairs = [
    pair('a', wavesOf(1), 'bir it var', 'iki it var'),
    pair('b', wavesOf(2), 'bir ev var'),
    pair('c', wavesOf(3), '?'),
  ];
  expect((await clean(pairs)).said).toEqual(['empty-caption drop-caption c', 'caption-count drop-image c']);
  const five = await clean(pairs, { captionsPerImage: 2 });
  expect(five.kept.map(({ imageId }) => imageId)).toEqual(['a']);
  expect(five.entries[0]?.detail).toBe('1 captions, expected 2');
});

it('drops corrupt images, ids and pixels seen before, and pictures that look like one seen, across parts', async () => {
  const raw = { width: 48, height: 48, channels: 3 } as const;
  const copy = await sharp(wavesOf(1).pixels, { raw })
    .resize(100, 100, { kernel: 'cubic' })
    .jpeg({ quality: 70 })
    .toBuffer();
  const seen = new SeenImages();
  const first = await clean([pair('a', wavesOf(1), 'bir it var')], {}, seen);
  const second = await clean(
    [
      pair('a', wavesOf(2), 'bir it var'),
      pair('b', wavesOf(1), 'bir ev var'),
      pair('c', { bytes: copy, name: 'c.jpg' }, 'bir quş var'),
      pair('d', { bytes: new Uint8Array(5), name: 'd.jpg' }, 'bir top var'),
      pair('e', wavesOf(5), 'bir alma var'),
    ],
    {},
    seen,
  );
  expect(first.entries).toEqual([]);
  expect(second.kept.map(({ imageId }) => imageId)).toEqual(['e']);
  expect(second.said).toEqual([
    'duplicate-id drop-image a',
    'duplicate-image drop-image b',
    'near-duplicate-image drop-image c',
    'corrupt-image drop-image d',
  ]);
  expect(second.entries[2]?.detail).toMatch(/^[0-5] of 64 bits from a$/);
});

it('leaves out the rules that are off', async () => {
  const off = ['too-short', 'duplicate-image', 'near-duplicate-image'];
  const { kept, entries } = await clean([pair('a', wavesOf(1), 'it'), pair('b', wavesOf(1), 'ev')], { off });
  expect([kept.length, entries.length]).toEqual([2, 0]);
});

it('sums up by rule, with the first examples', async () => {
  const { entries } = await clean([pair('a', wavesOf(1), 'it', 'ev', 'top', 'quş', 'bir alma <i>var</i>')]);
  const summary = new Map<string, RuleSummary>();
  for (const entry of entries) summarise(summary, entry);
  expect(summary.get('too-short')).toMatchObject({ droppedCaptions: 4, repairedCaptions: 0, droppedImages: 0 });
  expect(summary.get('too-short')?.examples.map(({ caption }) => caption)).toEqual(['it', 'ev', 'top']);
  expect(summary.get('markup')).toMatchObject({ repairedCaptions: 1 });
});

it('keeps the weights beside their captions', async () => {
  const weighed = { ...pair('a', wavesOf(1), 'it', 'qara it qaçır', 'iki uşaq oynayır'), weights: [0.1, 0.2, 0.3] };
  const { kept } = await clean([weighed]); // the first caption is too short
  expect(kept).toMatchObject([{ captions: ['qara it qaçır', 'iki uşaq oynayır'], weights: [0.2, 0.3] }]);
});
