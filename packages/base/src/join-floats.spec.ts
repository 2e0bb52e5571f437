import { joinFloats } from './join-floats.ts';

it('keeps the order of the parts and copies them', () => {
  const first = Float32Array.of(1, 2);
  const joined = joinFloats([first, new Float32Array(), Float32Array.of(3)]);
  first[0] = 9;
  expect(joined).toEqual(Float32Array.of(1, 2, 3));
});

it('is empty without parts', () => {
  expect(joinFloats([])).toHaveLength(0);
});
