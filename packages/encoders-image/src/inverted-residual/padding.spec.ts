import { roundedChannels, strided } from './padding.ts';

it('pads an even side on the far end alone in TensorFlow, and equally in PyTorch', () => {
  expect(strided(2, 3, 224, 'tensorflow')).toEqual({ stride: 2, padding: [0, 1] });
  expect(strided(2, 3, 7, 'tensorflow')).toEqual({ stride: 2, padding: [1, 1] });
  expect(strided(1, 3, 7, 'tensorflow')).toEqual({ stride: 1, padding: [1, 1] });
  expect(strided(2, 3, 224, 'torch')).toEqual({ stride: 2 });
});

it('rounds channels to multiples of 8, never below nine tenths', () => {
  expect([32, 11.2, 5.6, 33.6, 44].map(roundedChannels)).toEqual([32, 16, 8, 32, 48]); // 8 < 0.9 · 11.2
});
