import { createRandom } from '@azclip/base';
import { createTextTower, textTowerConfig } from '@azclip/encoder-text';
import type { ImageTower } from '@azclip/encoders-image';
import { useBackend } from '@azclip/nn';
import type { HostTensor } from '@azclip/onnx';

import { firstAlone, isFirst, onAnyRank, type Communicator } from './communicator.ts';
import { ownRows } from './own-rows.ts';
import { parseFitConfig } from '../config.ts';
import { createDistillationStep, distil, distillationState } from '../distillation/distillation-step.ts';
import { createDualEncoder } from '../model/dual-encoder.ts';
import { downloadAll, rowsOf, type HostTensors } from '../step/host-tensors.ts';
import { createMicroBatchStep } from '../step/micro-batch-step.ts';
import { runBatches } from '../step/run-batches.ts';
import { createStepRunner } from '../step/step-runner.ts';
import { initialTrainState } from '../step/train-state.ts';
import { createTrainStep } from '../step/train-step.ts';

/** Two ranks with the same rows, one after the other: what rank 1 hands to a sum is added to what rank 0 hands to it. */
function twins(): readonly [first: Communicator, second: Communicator] {
  const sums: Float32Array[] = [];
  const common = {
    size: 2,
    gather: (data: Float32Array) => Float32Array.of(...data, ...data),
    broadcast: () => undefined,
    abort: () => undefined,
    close: () => undefined,
  };
  const give = (data: Float32Array): void => void sums.push(data.slice());
  const take = (data: Float32Array): void => {
    const other = sums.shift() as Float32Array;
    data.forEach((value, i) => (data[i] = value + (other[i] as number)));
  };
  return [
    { ...common, rank: 0, sum: take },
    { ...common, rank: 1, sum: give },
  ];
}

const frozenTower = { name: 'frozen', featureDim: 5, fingerprint: 'x', isFrozen: () => true } as unknown as ImageTower;
const random = createRandom(4);
const images = Float32Array.from({ length: 15 }, () => random.normal());
const ids = Int32Array.from({ length: 9 }, () => random.integer(9));
/** Six rows, of which the last three are the first three again. */
const batch: HostTensors = {
  images: { dtype: 'float32', shape: [6, 5], data: Float32Array.of(...images, ...images) },
  ids: { dtype: 'int32', shape: [6, 3], data: Int32Array.of(...ids, ...ids) },
  mask: { dtype: 'float32', shape: [6, 3], data: new Float32Array(18).fill(1) },
};
const half = rowsOf(batch, 0, 3);

const config = parseFitConfig({
  name: 'x',
  data: { reader: 'scenes' },
  image: { tower: { name: 'resnet' } },
  text: { tower: { name: 'bag', dim: 4, contextLength: 3 } },
  projection: { head: 'linear-norm', dim: 4 },
});

/** A model, and its state before a first step. */
async function start() {
  await useBackend('onnxruntime');
  const model = createDualEncoder(frozenTower, createTextTower(textTowerConfig.parse(config.text.tower), 9), config);
  const template = model.init(createRandom(1));
  return { model, template, state: await downloadAll(initialTrainState(model, template, config.train)) };
}

it('sums towers and counts the loss once: two halves of a batch move the parameters as the whole does', async () => {
  const { model, template, state } = await start();
  const rates = { learningRate: 0.1, step: 1 };
  const whole = createStepRunner(createTrainStep(model, template, config), state);
  const expected = await runBatches(whole, [batch], rates, { microBatch: undefined, seed: 1 });
  const [first, second] = twins();
  for (const ranks of [second, first]) {
    const shared = createStepRunner(createMicroBatchStep(model, template, config, ranks.rank), state);
    const values = await runBatches(shared, [half], rates, { microBatch: 3, seed: 1, ranks });
    expect(values.loss).toBeCloseTo(expected.loss, 5);
    if (!isFirst(ranks)) continue;
    expect(Object.values(values)).toBeAllClose(Object.values(expected), 1e-5);
    const learned = await shared.readState();
    for (const [name, { data }] of Object.entries(await whole.readState()))
      expect(learned[name]?.data).toBeAllClose([...data], 1e-5);
  }
});

it('distils by the mean over ranks: two halves of a batch move the text side as the whole does', async () => {
  const { model, template, state: ofBoth } = await start();
  const state = distillationState(ofBoth);
  const target = Float32Array.from({ length: 12 }, () => random.normal());
  const inputs = {
    ids: batch['ids'] as HostTensor,
    mask: batch['mask'] as HostTensor,
    target: { dtype: 'float32', shape: [6, 4], data: Float32Array.of(...target, ...target) },
  } as const;
  const rates = { learningRate: 0.1, step: 1 };
  const runner = () =>
    createStepRunner(createDistillationStep(model, template, { train: config.train, loss: 'mse' }), state);
  const whole = runner();
  const expected = await distil(whole, inputs, rates, { seed: 1 });
  const [first, second] = twins();
  for (const ranks of [second, first]) {
    const shared = runner();
    const values = await distil(shared, ownRows(inputs, ranks), rates, { seed: 1, ranks });
    if (!isFirst(ranks)) continue;
    expect(Object.values(values)).toBeAllClose(Object.values(expected), 1e-6);
    const learned = await shared.readState();
    for (const [name, { data }] of Object.entries(await whole.readState()))
      expect(learned[name]?.data).toBeAllClose([...data], 1e-5);
  }
});

it('asks whether anything holds on any rank', () => {
  const [first, second] = twins();
  expect([onAnyRank(undefined, true), onAnyRank(undefined, false)]).toEqual([true, false]);
  onAnyRank(second, true);
  expect(onAnyRank(first, false)).toBe(true);
});

it('works on rank 0 first', async () => {
  const order: string[] = [];
  const noting = (rank: number): Communicator => ({
    ...twins()[1],
    rank,
    sum: () => void order.push(`${String(rank)} meets`),
  });
  for (const rank of [0, 1]) await firstAlone(noting(rank), () => Promise.resolve(order.push(`${String(rank)} works`)));
  expect(order).toEqual(['0 works', '0 meets', '1 meets', '1 works']);
  expect(await firstAlone(undefined, () => Promise.resolve('alone'))).toBe('alone');
});
