import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { EpochReport } from '../report.ts';
import { openMetricsLog } from './metrics-log.ts';

const report = (step: number): EpochReport => ({
  kind: 'epoch',
  phase: 'contrastive',
  epoch: step,
  epochs: 9,
  step,
  loss: 1,
  scores: undefined,
  best: false,
});
const stepsIn = async (path: string): Promise<number[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as EpochReport).step);

it('drops what lies beyond the checkpoint, and a line cut short, when a run goes on', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'azclip-')), 'run', 'metrics.jsonl');
  const first = await openMetricsLog(path, 0);
  for (const step of [1, 2, 3]) await first.append(report(step));
  await first.close();
  await appendFile(path, '{"kind":"epo');
  const second = await openMetricsLog(path, 2);
  await second.append(report(3));
  await second.close();
  expect(await stepsIn(path)).toEqual([1, 2, 3]);
});
