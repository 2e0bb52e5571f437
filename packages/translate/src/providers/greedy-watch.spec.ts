import { watchGreedy } from './greedy-watch.ts';

const end = 1;
const logits = (...rows: number[][]): { dims: number[]; data: Float32Array } => ({
  dims: [rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat()),
});

it('means the log-probability of the most likely tokens', () => {
  const watch = watchGreedy(1, end);
  watch.observe([[0n]], logits([0, 0])); // p = 1/2
  watch.observe([[0n, 0n]], logits([Math.log(3), 0])); // p = 3/4
  expect(watch.means()[0]).toBeCloseTo((Math.log(1 / 2) + Math.log(3 / 4)) / 2, 6);
});

it('counts a forced token as certain', () => {
  const watch = watchGreedy(1, end);
  watch.observe([[1n]], logits([-Infinity, 0])); // the opening token is no end, though it looks like one
  expect(watch.means()).toEqual([0]);
});

it('leaves a finished row nothing but its end token, and its score alone', () => {
  const watch = watchGreedy(2, end);
  watch.observe([[0n], [0n]], logits([0, 0, 0, 0], [0, 0, 0, 0]));
  const before = watch.means()[0];
  const step = watch.observe(
    [
      [0n, 1n],
      [0n, 2n],
    ],
    logits([5, 1, 2, 3], [5, 1, 2, 3]),
  );
  expect([...step.data]).toEqual([-Infinity, 0, -Infinity, -Infinity, 5, 1, 2, 3]);
  expect(watch.means()[0]).toBe(before);
});
