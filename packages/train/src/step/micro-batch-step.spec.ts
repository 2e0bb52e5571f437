import { createRandom } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import type { ImageTower } from '@azclip/encoders-image';
import { useBackend } from '@azclip/nn';
import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { downloadAll, type HostTensors } from './host-tensors.ts';
import { createMicroBatchStep } from './micro-batch-step.ts';
import { runBatches } from './run-batches.ts';
import { createStepRunner } from './step-runner.ts';
import { initialTrainState } from './train-state.ts';
import { createTrainStep } from './train-step.ts';
import { parseFitConfig, type FitConfig } from '../config.ts';
import { createDualEncoder } from '../model/dual-encoder.ts';

const frozenTower = { name: 'frozen', featureDim: 5, fingerprint: 'x', isFrozen: () => true } as unknown as ImageTower;
const random = createRandom(4);
const batch: HostTensors = {
  images: { dtype: 'float32', shape: [6, 5], data: Float32Array.from({ length: 30 }, () => random.normal()) },
  ids: { dtype: 'int32', shape: [6, 3], data: Int32Array.from({ length: 18 }, () => random.integer(9)) },
  mask: { dtype: 'float32', shape: [6, 3], data: new Float32Array(18).fill(1) },
};
const rates = { learningRate: 0.1, step: 1 };

async function setUp(dropout: number, loss: 'clip' | 'siglip' | 'lowclip-as-written') {
  const config: FitConfig = parseFitConfig({
    name: 'x',
    data: { reader: 'scenes' },
    image: { tower: { name: 'resnet' }, dropout },
    text: { tower: { name: 'bag', dim: 4, contextLength: 3 }, dropout },
    projection: { head: 'linear-norm', dim: 4 },
    loss: { name: loss },
  });
  const model = createDualEncoder(frozenTower, createTextTower(textTowerConfig.parse(config.text.tower), 9), config);
  const template = model.init(createRandom(1));
  return {
    config,
    model,
    template,
    state: await downloadAll(initialTrainState(model, template, { ...config.train, microBatch: 2 })),
  };
}

const paramsOf = (state: HostTensors): [string, HostTensors[string]][] =>
  Object.entries(state).filter(([name]) => name.startsWith('params.'));

describe.each(['onnxruntime', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(['clip', 'siglip', 'lowclip-as-written'] as const)(
    'moves the parameters as one pass over the whole batch does: %s',
    async (loss) => {
      const { config, model, template, state } = await setUp(0, loss);
      const whole = createStepRunner(createTrainStep(model, template, config), state);
      const parted = createStepRunner(createMicroBatchStep(model, template, config), state);
      for (let step = 0; step < 2; step += 1) {
        const expected = await runBatches(whole, [batch], rates, { microBatch: undefined, seed: step });
        const values = await runBatches(parted, [batch], rates, { microBatch: 2, seed: step });
        expect(Object.values(values)).toBeAllClose(Object.values(expected), 1e-5);
      }
      const after = await parted.readState();
      for (const [name, { data }] of paramsOf(await whole.readState()))
        expect(after[name]?.data).toBeAllClose([...data], 1e-5);
      expect(paramsOf(after).some(([name, { data }]) => data[0] !== state[name]?.data[0])).toBe(true);
    },
  );

  it('drops the same entries in both passes: the same seed gives the same step, another seed another', async () => {
    const { config, model, template, state } = await setUp(0.5, 'clip');
    const lossAfter = async (seed: number): Promise<number | undefined> => {
      const runner = createStepRunner(createMicroBatchStep(model, template, config), state);
      await runBatches(runner, [batch], rates, { microBatch: 3, seed });
      return (await runBatches(runner, [batch], rates, { microBatch: 3, seed })).loss;
    };
    expect(await lossAfter(1)).toBe(await lossAfter(1));
    expect(await lossAfter(1)).not.toBe(await lossAfter(2));
  });
});

it('weighs pairs over the whole batch, in micro-batches too', async () => {
  await useBackend('onnxruntime');
  const { config, model, template, state } = await setUp(0, 'clip');
  const weights: HostTensor = { dtype: 'float32', shape: [6], data: Float32Array.of(1, 0.1, 0.5, 1, 0.25, 1) };
  const lossesOf = async (of: HostTensors): Promise<readonly number[]> => {
    const whole = createStepRunner(createTrainStep(model, template, config), state);
    const parted = createStepRunner(createMicroBatchStep(model, template, config), state);
    const first = await runBatches(whole, [of], rates, { microBatch: undefined, seed: 1 });
    const again = await runBatches(whole, [of], rates, { microBatch: undefined, seed: 2 });
    await runBatches(parted, [of], rates, { microBatch: 2, seed: 1 });
    const inParts = await runBatches(parted, [of], rates, { microBatch: 2, seed: 2 });
    expect(inParts.loss).toBeCloseTo(again.loss, 4);
    return [first.loss, again.loss];
  };
  expect(await lossesOf({ ...batch, weights })).not.toEqual(await lossesOf(batch));
});

describe.each(['onnxruntime', 'cpu'] as const)('over several batches on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([undefined, 2])(
    'goes by the mean of the gradients of several batches (micro-batches of %s)',
    async (microBatch) => {
      const { config, model, template, state } = await setUp(0, 'clip');
      const train = { ...config.train, gradientClip: 1e6 };
      const other: HostTensors = {
        ...batch,
        ids: { ...(batch['ids'] as HostTensor), data: new Int32Array(18).fill(3) },
      };
      const gradientsOf = async (batches: readonly HostTensors[]): Promise<HostTensors> => {
        const create = microBatch === undefined ? createTrainStep : createMicroBatchStep;
        const runner = createStepRunner(create(model, template, { ...config, train }), state);
        await runBatches(runner, batches, rates, { microBatch, seed: 1 });
        return runner.readState(); // the first moments are the gradients after a first step
      };
      const [first, second, both] = [
        await gradientsOf([batch]),
        await gradientsOf([other]),
        await gradientsOf([batch, other]),
      ];
      const names = Object.keys(both).filter((name) => name.startsWith('first.'));
      expect(names).toContain('first.loss.logScale');
      for (const name of names) {
        const mean = Array.from(first[name]?.data ?? [], (value, i) => (value + (second[name]?.data[i] ?? NaN)) / 2);
        expect(both[name]?.data).toBeAllClose(mean, 1e-5);
      }
    },
  );

  it('keeps no tensors from step to step', async () => {
    const { config, model, template, state } = await setUp(0.5, 'clip');
    const runner = createStepRunner(createMicroBatchStep(model, template, config), state);
    await runBatches(runner, [batch, batch], rates, { microBatch: 2, seed: 1 });
    const before = tf.memory().numTensors;
    await runBatches(runner, [batch, batch], rates, { microBatch: 2, seed: 2 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
