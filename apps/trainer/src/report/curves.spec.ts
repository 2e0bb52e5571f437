import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

import { lossChart, type MetricsRow, measureChart, readMetrics, recallChart, renderCurves } from './curves.ts';
import { chartSvg, svgToPng } from './render-chart.ts';

const chanceLoss = Math.log(64);
const phase = 'contrastive';
const stepMs = 20;
const rows: MetricsRow[] = [
  { kind: 'step', phase, step: 1, loss: 4, chanceLoss, stepMs },
  {
    kind: 'epoch',
    phase,
    epoch: 1,
    step: 1,
    loss: 4,
    scores: { 'text-to-image/recall@10': 0.5, 'text-to-image/recall@1': 0.2 },
  },
  { kind: 'step', phase, step: 2, loss: 3, chanceLoss, stepMs },
  { kind: 'epoch', phase, epoch: 2, step: 2, loss: 3 },
  { kind: 'step', phase, step: 3, loss: 2, chanceLoss, stepMs },
  {
    kind: 'epoch',
    phase,
    epoch: 3,
    step: 3,
    loss: 2,
    scores: { 'text-to-image/recall@10': 0.7, 'image-to-text/mrr': 0.2 },
  },
];

/** Dark pixels of a PNG, as one string. */
async function ink(png: Uint8Array): Promise<string> {
  const grey = await sharp(png).greyscale().raw().toBuffer();
  return Array.from(grey, (value) => (value < 128 ? '#' : '.')).join('');
}

it('draws loss and recall as a PNG', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  const [metrics, path] = [join(folder, 'metrics.jsonl'), join(folder, 'curves.png')];
  await writeFile(metrics, rows.map((row) => JSON.stringify({ ...row, learningRate: 1 })).join('\n'));
  await renderCurves(metrics, path);
  const { format, width, height } = await sharp(await readFile(path)).metadata();
  expect([format, width > 1000, height > 500]).toEqual(['png', true, true]);
});

it('names the line that is no row', async () => {
  const metrics = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'metrics.jsonl');
  await writeFile(metrics, '{"kind":"step","step":1}');
  await expect(readMetrics(metrics)).rejects.toThrow(`${metrics}:1: loss`);
});

it('draws what the rows hold and no more', () => {
  expect(lossChart(rows).series.map(({ name, points }) => [name, points.map(({ y }) => y)])).toEqual([
    ['step', [4, 3, 2]],
    ['mean of the epoch', [4, 3, 2]],
    ['ln(batch): chance', [chanceLoss, chanceLoss, chanceLoss]],
  ]);
  expect(recallChart(rows).series).toEqual([
    { name: 'R@1', points: [{ x: 1, y: 0.2 }] },
    {
      name: 'R@10',
      points: [
        { x: 1, y: 0.5 },
        { x: 3, y: 0.7 },
      ],
    },
  ]);
});

it('draws the measures that the rows have', () => {
  const measured = rows.map((row) => (row.kind === 'step' ? { ...row, alignment: row.step / 2 } : row));
  const names = { alignment: 'alignment', uniformity: 'uniformity' };
  expect(measureChart(measured, 'Measures', '', names).series).toEqual([
    { name: 'alignment', points: [0.5, 1, 1.5].map((y, i) => ({ x: i + 1, y })) },
  ]);
});

it('reads logs from before phases had names', async () => {
  const metrics = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'metrics.jsonl');
  await writeFile(metrics, '{"kind":"step","step":1,"loss":2,"chanceLoss":3,"stepMs":20}');
  expect(await readMetrics(metrics)).toEqual([{ kind: 'step', phase, step: 1, loss: 2, chanceLoss: 3, stepMs }]);
});

it('leaves out a loss that is not finite, and can draw a run without rows', async () => {
  const svg = await chartSvg([lossChart([...rows, { kind: 'step', phase, step: 4, loss: NaN, chanceLoss, stepMs }])]);
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
