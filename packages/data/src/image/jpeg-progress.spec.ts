import { JpegProgress } from './jpeg-progress.ts';

const scan = (components: number[], first: number, last: number, high: number, low: number) => ({
  components,
  first,
  last,
  approximation: (high << 4) | low,
  progressive: true,
});

it('is complete once every bit of every coefficient has come', () => {
  const progress = new JpegProgress(1);
  expect(progress.accept(scan([0], 0, 0, 0, 1))).toBe(true);
  expect(progress.accept(scan([0], 1, 63, 0, 0))).toBe(true);
  expect(progress.complete).toBe(false);
  expect(progress.accept(scan([0], 0, 0, 1, 0))).toBe(true);
  expect(progress.complete).toBe(true);
});

it('refuses scans out of their order', () => {
  const progress = new JpegProgress(2);
  expect(progress.accept(scan([0], 1, 5, 1, 0))).toBe(false); // refines what is unknown
  expect(progress.accept(scan([0, 1], 1, 5, 0, 0))).toBe(false); // two components beyond the first coefficient
  expect(progress.accept(scan([0], 0, 5, 0, 0))).toBe(false); // the first coefficient with others
  expect(progress.accept(scan([0], 1, 64, 0, 0))).toBe(false);
  expect(progress.accept(scan([0], 1, 5, 0, 2))).toBe(true);
  expect(progress.accept(scan([0], 5, 9, 0, 0))).toBe(false); // 5 again
  expect(progress.accept(scan([0], 1, 5, 2, 0))).toBe(false); // two bits at once
  expect(progress.accept({ ...scan([0], 0, 5, 0, 0), progressive: false })).toBe(false);
});
