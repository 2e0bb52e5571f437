import { createRandom } from '@azclip/base';
import { pairedRandomisationTest } from '@azclip/metrics';

import { type ExperimentReport, finished, runName, trainedOn } from './experiment-report.ts';
import type { Table } from './table.ts';

/** Each run against the first finished one that was trained on the same set and with the same seed: did the change help,
 * or is it chance? */
export function differenceTable(report: ExperimentReport): Table {
  const runs = finished(report);
  const rows = runs.flatMap(({ job, result }) => {
    const set = trainedOn(job);
    const first = runs.find((other) => trainedOn(other.job) === set && other.job.seed === job.seed);
    const [own, reference] = [result.sets[set], first?.result.sets[set]];
    if (!first || first.job === job || own?.ranks.length !== reference?.ranks.length || !own || !reference) return [];
    const options = { groups: own.imageOfText };
    const reciprocal = (ranks: readonly number[]): number[] => ranks.map((rank) => 1 / rank);
    const test = pairedRandomisationTest(
      reciprocal(own.ranks),
      reciprocal(reference.ranks),
      createRandom(job.seed),
      options,
    );
    const p = test.pValue < 0.001 ? '< 0.001' : test.pValue.toFixed(3);
    return [[runName(report, job), set, runName(report, first.job), (100 * test.difference).toFixed(2), p]];
  });
  return {
    title: 'Against the first run on the same set',
    head: ['Model', 'Trained on', 'Against', 'MRR difference', 'p'],
    rows,
    notes: ['Text → image, in domain, points of 100. Paired randomisation test, two-sided; whole images swap.'],
  };
}
