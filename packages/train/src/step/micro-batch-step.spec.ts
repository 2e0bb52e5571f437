import { createRandom } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import type { ImageTower } from '@azclip/encoders-image';
import { useBackend } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { downloadAll, hostScalar, type HostTensors } from './host-tensors.ts';
import { createMicroBatchStep } from './micro-batch-step.ts';
import { runMicroBatches } from './run-micro-batches.ts';
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
const scalars = { learningRate: hostScalar(0.1), step: hostScalar(1) };

async function setUp(dropout: number, loss: 'clip' | 'siglip') {
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

  it.each(['clip', 'siglip'] as const)(
    'moves the parameters as one pass over the whole batch does: %s',
    async (loss) => {
      const { config, model, template, state } = await setUp(0, loss);
      const whole = createStepRunner(createTrainStep(model, template, config), state);
      const parted = createStepRunner(createMicroBatchStep(model, template, config), state);
      for (let step = 0; step < 2; step += 1) {
        const expected = await whole.run({ ...batch, ...scalars }, step);
        const outputs = await runMicroBatches(parted, batch, scalars, { microBatch: 2, seed: step });
        for (const name of ['loss', 'gradientNorm', 'logitScale']) {
          expect(outputs[name]?.data).toBeAllClose([...(expected[name]?.data ?? [])], 1e-5);
        }
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
      await runMicroBatches(runner, batch, scalars, { microBatch: 3, seed });
      return (await runMicroBatches(runner, batch, scalars, { microBatch: 3, seed }))['loss']?.data[0];
    };
    expect(await lossAfter(1)).toBe(await lossAfter(1));
    expect(await lossAfter(1)).not.toBe(await lossAfter(2));
  });

  it('keeps no tensors from step to step', async () => {
    const { config, model, template, state } = await setUp(0.5, 'clip');
    const runner = createStepRunner(createMicroBatchStep(model, template, config), state);
    await runMicroBatches(runner, batch, scalars, { microBatch: 2, seed: 1 });
    const before = tf.memory().numTensors;
    await runMicroBatches(runner, batch, scalars, { microBatch: 2, seed: 2 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
