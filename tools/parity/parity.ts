/** Holds the networks at full size, and preprocessing, against every golden file: parameters filled by formula, features in both
 * modes, of the exported graph, and gradients, through the compiled engine. A table tells the worst difference of each.
 *
 *   npx nx run trainer:parity [--only=<part of a file's name>]
 *
 * Needs ../shared/golden, 6 GB of memory and ten minutes on two cores. Ends with 1 where a difference is beyond its limit. */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { goldenFolder, type Comparison } from './golden.ts';
import { compareImageNetwork } from './image.ts';
import { comparePixels } from './pixels.ts';
import { compareBert } from './text.ts';

/** What holds each golden file; those of small sizes are held by unit tests. */
const rooms: readonly (readonly [RegExp, ((file: string) => Promise<readonly Comparison[]>) | string])[] = [
  [/^(?:torchvision|timm)-/u, compareImageNetwork],
  [/^transformers-bert-/u, compareBert],
  [/^pixels$/u, comparePixels],
  [/^transformers-mlm-/u, 'test of encoder-text: mlm-head'],
  [/^losses-/u, 'tests of loss, and of train: adamw, schedule'],
  [/^metrics/u, 'test of metrics: torchmetrics'],
];

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const rows: Record<string, string>[] = [];
let failures = 0;
for (const file of readdirSync(goldenFolder).sort()) {
  const room = rooms.find(([pattern]) => pattern.test(file))?.[1];
  if (room === undefined || !file.includes(values.only)) continue;
  if (typeof room === 'string') {
    rows.push({ 'golden file': file, what: room, worst: '', limit: '', ok: '' });
    continue;
  }
  for (const { what, worst, limit } of await room(file)) {
    const isRight = limit === undefined || worst <= limit; // NaN is not
    if (!isRight) failures += 1;
    const verdict = limit === undefined ? '' : isRight ? 'ok' : 'NO';
    rows.push({ 'golden file': file, what, worst: worst.toPrecision(2), limit: String(limit ?? ''), ok: verdict });
  }
}
console.table(rows);
console.log(failures === 0 ? 'all within their limits' : `${String(failures)} beyond their limits`);
process.exitCode = failures === 0 ? 0 : 1;
