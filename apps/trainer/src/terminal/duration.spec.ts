import { formatDuration } from './duration.ts';

it('speaks of seconds, minutes and hours', () => {
  expect(formatDuration(3_600)).toBe('4 s');
  expect(formatDuration(125_000)).toBe('2 min 05 s');
  expect(formatDuration(3_780_000)).toBe('1 h 03 min');
});
