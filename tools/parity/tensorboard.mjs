/* Lets TensorBoard's own reader read the event file of a run, and compares every scalar with metrics.jsonl.
 *   AZCLIP_PYTHON=python3 node tools/parity/tensorboard.mjs runs/scenes-short
 * Needs a Python with the package `tensorboard`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, argv, exit } from 'node:process';

const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
reader = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0}).Reload()
print(json.dumps({tag: [[e.step, e.value] for e in reader.Scalars(tag)] for tag in reader.Tags()['scalars']}))
`;

const folder = argv[2];
if (folder === undefined || env['AZCLIP_PYTHON'] === undefined) {
  console.error('usage: AZCLIP_PYTHON=<python with tensorboard> node tools/parity/tensorboard.mjs <run folder>');
  exit(1);
}
const options = { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] };
const read = JSON.parse(execFileSync(env['AZCLIP_PYTHON'], ['-c', script, join(folder, 'tensorboard')], options));
const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

let wrong = 0;
function compare(tag, rows) {
  const values = read[tag] ?? [];
  const equal = ([step, value], i) => values[i]?.[0] === step && values[i][1] === Math.fround(value);
  const ok = values.length === rows.length && rows.every(equal);
  wrong += ok ? 0 : 1;
  console.log(`${ok ? 'ok   ' : 'WRONG'} ${tag}: ${String(values.length)} values, expected ${String(rows.length)}`);
}
const steps = lines.filter(({ kind }) => kind === 'step');
const epochs = lines.filter(({ kind }) => kind === 'epoch');
for (const phase of new Set(steps.map((step) => step.phase))) {
  const of = (records) => records.filter((record) => record.phase === phase);
  compare(
    `${phase}/loss`,
    of(steps).map(({ step, loss }) => [step, loss]),
  );
  compare(
    `${phase}/gradient-norm`,
    of(steps).map(({ step, gradientNorm }) => [step, gradientNorm]),
  );
  compare(
    `${phase}/epoch-loss`,
    of(epochs).map(({ step, loss }) => [step, loss]),
  );
}
const recall = 'text-to-image/recall@1';
const scored = epochs.filter(({ scores }) => scores !== undefined);
compare(
  `dev/${recall}`,
  scored.map(({ step, scores }) => [step, scores[recall]]),
);
exit(wrong === 0 ? 0 : 1);
