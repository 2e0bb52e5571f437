import { createRandom } from '@azclip/base';

import { renderScene } from './render-scene.ts';
import type { SceneGroup } from './scene.ts';
import { SpriteSheet } from './sprites.ts';
import { COLOURS, KINDS } from './vocabulary.ts';

const side = 48;
const pick = <T>(all: readonly T[], test: (item: T) => boolean): T => all.filter(test)[0] as T;
const ball = (colour: string, count = 1): SceneGroup => ({
  kind: pick(KINDS, ({ en }) => en === 'ball'),
  colour: pick(COLOURS, ({ en }) => en === colour),
  count,
  size: 'large',
});

/** Mean place of the pixels where one channel stands out, as parts of the side. */
function centreOf(pixels: Uint8Array, channel: number): { x: number; y: number; count: number } {
  const found: number[] = [];
  for (let i = 0; i < side * side; i++) {
    const others = [0, 1, 2].filter((c) => c !== channel).map((c) => pixels[i * 3 + c] ?? 0);
    if ((pixels[i * 3 + channel] ?? 0) > Math.max(...others) + 100) found.push(i);
  }
  const mean = (of: (i: number) => number): number => found.reduce((sum, i) => sum + of(i), 0) / found.length / side;
  return { x: mean((i) => i % side), y: mean((i) => Math.floor(i / side)), count: found.length };
}

const render = async (arrangement: 'row' | 'column', groups: SceneGroup[], seed: number) =>
  renderScene({ arrangement, groups }, new SpriteSheet('flat'), { side, domain: 'flat', random: createRandom(seed) });

it.each([1, 2, 3])('puts the first group left of or above the second (seed %d)', async (seed) => {
  const row = await render('row', [ball('red'), ball('blue')], seed);
  expect(centreOf(row.pixels, 0).x).toBeCloseTo(0.25, 1);
  expect(centreOf(row.pixels, 2).x).toBeCloseTo(0.75, 1);
  const column = await render('column', [ball('red'), ball('blue')], seed);
  expect(centreOf(column.pixels, 0).y).toBeCloseTo(0.25, 1);
  expect(centreOf(column.pixels, 2).y).toBeCloseTo(0.75, 1);
});

it('draws as many things as the group counts', async () => {
  const one = centreOf((await render('row', [ball('red'), ball('blue')], 1)).pixels, 0).count;
  const two = centreOf((await render('row', [ball('red', 2), ball('blue')], 1)).pixels, 0).count;
  expect(two / one).toBeCloseTo(2, 1);
});
