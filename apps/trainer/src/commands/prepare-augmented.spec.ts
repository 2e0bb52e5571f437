import { optionsOf } from './prepare-augmented.ts';

const flags = { out: 'out', steps: '[{op: flip}]', copies: '2', size: '64', seed: '3' };

it('reads steps as a run names them', () => {
  expect(optionsOf({ ...flags, originals: true })).toMatchObject({
    steps: [{ op: 'flip', probability: 0.5 }],
    copies: 2,
    seed: 3,
    originals: true,
    preprocessing: { size: 64, resize: 64 },
  });
});

it('names the flag that is wrong', () => {
  expect(() => optionsOf({ ...flags, copies: '0' })).toThrow('--copies: expected a whole number from 1 on, got "0"');
  expect(() => optionsOf({ ...flags, steps: '[{op: spin}]' })).toThrow(/^--steps: 0\.op: /u);
});
