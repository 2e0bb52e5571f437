import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

import { lossChart, recallChart, renderCurves } from './curves.ts';
import { chartSvg, svgToPng } from './render-chart.ts';

const rows = [
  { epoch: 0.5, loss: 4, chance: Math.log(64) },
  { epoch: 1, loss: 3, chance: Math.log(64), recallAt: { 10: 0.5, 1: 0.2 } },
  { epoch: 2, loss: 2, chance: Math.log(64), recallAt: { 10: 0.7, 1: 0.3 } },
];

/** Dark pixels of a PNG, as one string. */
async function ink(png: Uint8Array): Promise<string> {
  const grey = await sharp(png).greyscale().raw().toBuffer();
  return Array.from(grey, (value) => (value < 128 ? '#' : '.')).join('');
}

it('draws loss and recall as a PNG', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'curves.png');
  await renderCurves(rows, path);
  const { format, width, height } = await sharp(await readFile(path)).metadata();
  expect([format, width > 1000, height > 500]).toEqual(['png', true, true]);
});

it('draws what the rows hold and no more', () => {
  expect(lossChart(rows).series.map(({ name, points }) => [name, points.length])).toEqual([
    ['train', 3],
    ['ln(batch): chance', 3],
  ]);
  expect(recallChart(rows).series).toEqual([
    {
      name: 'R@1',
      points: [
        { x: 1, y: 0.2 },
        { x: 2, y: 0.3 },
      ],
    },
    {
      name: 'R@10',
      points: [
        { x: 1, y: 0.5 },
        { x: 2, y: 0.7 },
      ],
    },
  ]);
});

it('leaves out a loss that is not finite, and can draw a run without rows', async () => {
  const svg = await chartSvg([lossChart([...rows, { epoch: 3, loss: NaN }])]);
  expect(svg).not.toContain('NaN');
  expect(await chartSvg([lossChart([]), recallChart([])])).toContain('Loss');
});

it('paints every letter of Azerbaijani, with no font of the machine', async () => {
  const letters = Array.from('əşğıİçöüƏŞĞ');
  const page = (text: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="white"/>` +
    `<text x="5" y="30" font-family="DejaVu Sans" font-size="24">${text}</text></svg>`;
  const painted = await Promise.all(letters.map((letter) => ink(svgToPng(page(letter)))));
  const missing = await ink(svgToPng(page('\u{E123}'))); // private use: no font has it
  expect(new Set([...painted, missing]).size).toBe(letters.length + 1);
  expect(painted.every((pixels) => pixels.includes('#'))).toBe(true);
});
