import { parseFitConfig } from './config.ts';

const smallest = {
  name: 'x',
  data: { reader: 'scenes' },
  image: { tower: { name: 'resnet' } },
  text: { tower: { name: 'bag' } },
};

it('fills in what may be left out', () => {
  const config = parseFitConfig(smallest);
  expect(config).toMatchObject({
    language: 'az',
    output: 'runs',
    loss: { name: 'clip' },
    projection: { head: 'linear' },
  });
  expect(config.train.epochs).toBeGreaterThan(0);
});

it.each([
  [{ ...smallest, epochz: 3 }, /^run.yaml: .*epochz/u],
  [{ ...smallest, train: { batchsize: 3 } }, /^run.yaml: train: .*batchsize/u],
  [{ ...smallest, train: { epochs: 'many' } }, /^run.yaml: train.epochs: .*number/u],
  [{ ...smallest, data: { reader: 'imagenet' } }, /^run.yaml: data.reader: /u],
  [{ ...smallest, name: '../up' }, /^run.yaml: name: expected letters/u],
  [null, /^run.yaml: \(top level\): /u],
])('names the key that is wrong: %j', (value, message) => {
  expect(() => parseFitConfig(value, 'run.yaml')).toThrow(message);
});

it('says how many more faults there are', () => {
  const train = { epochs: 0, batchSize: 0, learningRate: 0, gradientClip: 0, warmupSteps: -1 };
  expect(() => parseFitConfig({ ...smallest, train })).toThrow('(and 2 more)');
});

it('computes in bf16 on tensorflow alone', () => {
  expect(parseFitConfig({ ...smallest, precision: 'bf16', backend: 'tensorflow' }).precision).toBe('bf16');
  expect(() => parseFitConfig({ ...smallest, precision: 'bf16' })).toThrow(
    'config: precision: expected fp32, or backend: tensorflow, which alone computes in bf16',
  );
});
