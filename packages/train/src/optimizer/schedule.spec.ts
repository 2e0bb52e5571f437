import { itWithGolden } from './golden.spec.helper.ts';
import { warmupCosine } from './schedule.ts';

itWithGolden('equals the 100 values of the reference schedule with 10 steps of warm-up', (golden) => {
  const rates = golden.cosine_warmup_10_of_100.map((_, step) =>
    warmupCosine(step, { peak: 1, warmupSteps: 10, totalSteps: 100 }),
  );
  expect(rates).toBeAllClose(golden.cosine_warmup_10_of_100, 1e-12);
});

it('starts at the peak without warm-up, is half of it midway and 0 after the end', () => {
  const schedule = { peak: 0.4, warmupSteps: 0, totalSteps: 8 };
  expect([0, 4, 8, 20].map((step) => warmupCosine(step, schedule))).toBeAllClose([0.4, 0.2, 0, 0], 1e-12);
});

it('stays finite when the run is no longer than its warm-up', () => {
  const schedule = { peak: 1, warmupSteps: 4, totalSteps: 4 };
  expect([0, 2, 4].map((step) => warmupCosine(step, schedule))).toBeAllClose([0, 0.5, 1], 1e-12);
});
