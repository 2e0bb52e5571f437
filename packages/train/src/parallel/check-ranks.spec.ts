import { InputError } from '@azclip/base';

import { checkRanks } from './check-ranks.ts';
import { parseFitConfig, type FitConfigInput } from '../config.ts';
import { distillationSection } from '../distillation/config.ts';

const config = (train: FitConfigInput['train']) =>
  parseFitConfig({
    name: 'x',
    data: { reader: 'scenes' },
    image: { tower: { name: 'resnet' } },
    text: { tower: { name: 'bag' } },
    train,
  });

it('lets ranks share a batch that they divide, in micro-batches that divide their shares', () => {
  expect(() => {
    checkRanks(config({ batchSize: 24, microBatch: 4 }), 3);
    checkRanks(config({ batchSize: 24 }), 2);
  }).not.toThrow();
});

it('asks the same of the batches of a distillation', () => {
  const distillation = { teacher: 'x', captions: { reader: 'scenes' }, epochs: 1, batchSize: 9 } as const;
  expect(() => {
    checkRanks({ ...config({ batchSize: 24 }), distillation: distillationSection.parse(distillation) }, 2);
  }).toThrow('distillation.batchSize: expected a multiple of the 2 ranks, which share it, got 9');
});

it.each([
  [{ batchSize: 24 }, 5, 'train.batchSize: expected a multiple of the 5 ranks, which share it, got 24'],
  [{ batchSize: 24, microBatch: 12 }, 3, 'train.microBatch: expected a divisor of train.batchSize / ranks = 8, got 12'],
])('names the key that stands in the way: %j on %i', (train, size, message) => {
  const check = (): void => {
    checkRanks(config(train), size);
  };
  expect(check).toThrow(InputError);
  expect(check).toThrow(message);
});
