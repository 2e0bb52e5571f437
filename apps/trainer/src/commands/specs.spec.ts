import { towerSpecs } from '../specs/tower-specs.ts';
import { specsTable } from './specs.ts';

it('writes a line a tower, with a dash for a speed that was not measured', () => {
  const spec = { name: 'x', features: 1280, parameters: 4_007_548, gflops: 0.3856, megabytes: 15.44 };
  const { rows } = specsTable(
    [
      { ...spec, imagesPerSecond: 43.91 },
      { ...spec, imagesPerSecond: undefined },
    ],
    16,
    1000,
  );
  expect(rows).toEqual([
    ['x', '1,280', '4,007,548', '4,665,444', '0.386', '15.4', '43.9'],
    ['x', '1,280', '4,007,548', '4,665,444', '0.386', '15.4', '–'],
  ]);
});

it('counts what torchvision counts of MobileNetV3: 0.057 billion with the classifier of 1.6 million', async () => {
  const specs = await towerSpecs('mobilenet_v3_small', { batchSize: 1, rounds: 0 });
  expect(specs).toMatchObject({ features: 576, parameters: 927_008, imagesPerSecond: undefined });
  expect(specs.gflops + (576 * 1024 + 1024 * 1000) / 1e9).toBeCloseTo(0.057, 3);
});
