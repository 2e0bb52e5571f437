import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';

import { compileStep } from './compile-step.ts';
import type { HostTensor } from './runtime/host-tensor.ts';
import type { StepFunction } from './trace/program.ts';
import type { NamedTensors } from './trace/trace.ts';

const floats = (shape: readonly number[], ...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});

/** One step of momentum descent on the squared error of x · w, and its loss. */
const descend: StepFunction = (state, inputs) => {
  const { w, velocity } = state as { w: tf.Tensor; velocity: tf.Tensor };
  const { x, y } = inputs as { x: tf.Tensor; y: tf.Tensor };
  const loss = (weights: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(tf.matMul(x, weights), y)));
  const { value, grad } = tf.valueAndGrad(loss)(w);
  const next = tf.add(tf.mul(velocity, 0.9), grad);
  return { state: { w: tf.sub(w, tf.mul(next, 0.1)), velocity: next }, outputs: { loss: value } };
};
const initial = { w: floats([2, 1], 0.5, -0.25), velocity: floats([2, 1], 0, 0) };
const batch = { x: floats([3, 2], 1, 2, -1, 0.5, 0.25, 1), y: floats([3, 1], 1, -1, 0.5) };

const options = { threads: 1 };

beforeAll(async () => {
  await tf.setBackend('cpu');
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false); // no advice on the console
});

it('takes the steps that the CPU backend takes', async () => {
  const step = compileStep(descend, initial, options);
  let state: NamedTensors = { w: tf.tensor([0.5, -0.25], [2, 1]), velocity: tf.zeros([2, 1]) };
  const inputs = { x: tf.tensor(batch.x.data, [3, 2]), y: tf.tensor(batch.y.data, [3, 1]) };
  for (let i = 0; i < 5; i++) {
    const expected = descend(state, inputs, { hostInput: () => tf.zeros([]) });
    const { loss } = await step.run(batch);
    expect(loss?.data).toBeAllClose(expected.outputs.loss?.dataSync() ?? [], 1e-6);
    state = expected.state;
  }
  expect(step.readState().w?.data).toBeAllClose(state.w?.dataSync() ?? [], 1e-6);
  step.dispose();
});

it('keeps tensors and buffers constant over a thousand steps', async () => {
  const step = compileStep(descend, initial, options);
  await step.run(batch);
  await step.run(batch);
  const tensors = tf.memory().numTensors;
  const arrays = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 1000; i++) await step.run(batch);
  expect(tf.memory().numTensors).toBe(tensors);
  // the losses handed out and the views of the inputs await collection: 1,000 of some tens of bytes
  expect(process.memoryUsage().arrayBuffers - arrays).toBeLessThan(2 ** 20);
  step.dispose();
});

it('leaves no tensor behind and the backend as it was', async () => {
  const [tensors, backend] = [tf.memory().numTensors, tf.getBackend()];
  const step = compileStep(descend, initial, options);
  await step.run(batch);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tf.getBackend()).toBe(backend);
  step.dispose();
});

it('traces once for every signature', async () => {
  let traces = 0;
  const step = compileStep(
    (state, { x }) => {
      traces++;
      return { state, outputs: { total: tf.sum(x as tf.Tensor) } };
    },
    {},
    { ...options, cacheSize: 2 },
  );
  const run = async (...values: number[]) => (await step.run({ x: floats([values.length], ...values) })).total?.data[0];
  expect([await run(1, 2), await run(3, 4), await run(1, 2, 3), await run(5, 6)]).toEqual([3, 7, 6, 11]);
  expect(traces).toBe(2);
  await run(1, 2, 3, 4); // the third signature: that of three entries, unused longest, goes
  await run(1, 2);
  expect(traces).toBe(3);
  await run(1, 2, 3);
  expect(traces).toBe(4);
  step.dispose();
});

it('shares its state between signatures', async () => {
  const step = compileStep(
    ({ sum }, { x }) => ({ state: { sum: tf.add(sum as tf.Tensor, tf.sum(x as tf.Tensor)) }, outputs: {} }),
    { sum: floats([], 0) },
    options,
  );
  await step.run({ x: floats([2], 1, 2) });
  await step.run({ x: floats([3], 10, 20, 30) });
  await step.run({ x: floats([2], 100, 200) });
  expect(step.readState().sum?.data).toBeAllClose([363]);
  step.dispose();
});

it('does not write over a state entry that is read later', async () => {
  // both new values depend on both old ones: in place, the second would read the first's new value
  const step = compileStep(
    ({ a, b }) => ({
      state: { a: tf.add(a as tf.Tensor, b as tf.Tensor), b: tf.mul(a as tf.Tensor, b as tf.Tensor) },
      outputs: { before: tf.reshape(a as tf.Tensor, [1]) },
    }),
    { a: floats([], 2), b: floats([], 3) },
    options,
  );
  const { before } = await step.run({});
  expect(before?.data).toBeAllClose([2]);
  await step.run({}); // a: 2 → 5 → 11, b: 3 → 6 → 30
  expect([step.readState().a?.data[0], step.readState().b?.data[0]]).toEqual([11, 30]);
  step.dispose();
});

it('keeps entries that a step passes through or exchanges', async () => {
  const step = compileStep(
    ({ a, b, c }) => ({ state: { a: b as tf.Tensor, b: a as tf.Tensor, c: c as tf.Tensor }, outputs: {} }),
    { a: floats([1], 1), b: floats([1], 2), c: floats([1], 3) },
    options,
  );
  await step.run({});
  const { a, b, c } = step.readState();
  expect([a?.data[0], b?.data[0], c?.data[0]]).toEqual([2, 1, 3]);
  step.dispose();
});

it('copies the state on the way in and on the way out', async () => {
  const mine = floats([1], 1);
  const step = compileStep(({ a }) => ({ state: { a: tf.mul(a as tf.Tensor, 2) }, outputs: {} }), { a: mine }, options);
  await step.run({});
  const read = step.readState();
  await step.run({});
  expect([mine.data[0], read.a?.data[0], step.readState().a?.data[0]]).toEqual([1, 2, 4]);
  step.writeState(read);
  await step.run({});
  expect([read.a?.data[0], step.readState().a?.data[0]]).toEqual([2, 4]);
  step.dispose();
});

it('fills host inputs from the seed of the run', async () => {
  const step = compileStep(
    (state, { x }, context) => {
      const noise = context.hostInput([2], 'float32', (data, seed) => data.fill(seed));
      return { state, outputs: { y: tf.add(x as tf.Tensor, noise) } };
    },
    {},
    options,
  );
  const x = floats([2], 1, 2);
  const results = [await step.run({ x }, 10), await step.run({ x }, 20)];
  expect(results.map(({ y }) => [...(y?.data ?? [])])).toEqual([[11, 12], [21, 22]]); // prettier-ignore
  step.dispose();
});

it('names the state entry that a step changes in type or forgets', async () => {
  const wrong = compileStep(() => ({ state: { a: tf.zeros([2]) }, outputs: {} }), { a: floats([1], 1) }, options);
  await expect(wrong.run({})).rejects.toThrow('state "a": expected float32 [1] back from the step, got float32 [2]');
  const forgets = compileStep(() => ({ state: {}, outputs: {} }), { a: floats([1], 1) }, options);
  await expect(forgets.run({})).rejects.toThrow('state "a": expected float32 [1] back from the step, got nothing');
});

it('refuses a state of another shape or name', () => {
  const step = compileStep((state) => ({ state, outputs: {} }), { a: floats([1], 1) }, options);
  expect(() => {
    step.writeState({ a: floats([2], 1, 2) });
  }).toThrow('state "a": expected float32 [1], got float32 [2]');
  expect(() => {
    step.writeState({ b: floats([1], 1) });
  }).toThrow('state: expected one of a, got "b"');
});

it('works on the very arrays of the caller where they are adopted', async () => {
  const own = { w: floats([2, 1], 0.5, -0.25), velocity: floats([2, 1], 0, 0) };
  const [adopting, copying] = [true, false].map((adoptState) => compileStep(descend, own, { ...options, adoptState }));
  for (const step of [copying, adopting]) await step?.run(batch);
  expect([...own.w.data]).toEqual([...(copying?.readState().w?.data ?? [])]);
  own.velocity.data.fill(0);
  copying?.writeState({ velocity: own.velocity });
  for (const step of [copying, adopting]) await step?.run(batch);
  expect([...own.w.data]).toEqual([...(copying?.readState().w?.data ?? [])]);
  for (const step of [copying, adopting]) step?.dispose();
});

it('copies an adopted entry back that could not be written in place', async () => {
  const swap: StepFunction = ({ a, b }) => ({ state: { a: b as tf.Tensor, b: a as tf.Tensor }, outputs: {} });
  const own = { a: floats([1], 1), b: floats([1], 2) };
  const step = compileStep(swap, own, { ...options, adoptState: true });
  await step.run({});
  expect([own.a.data[0], own.b.data[0]]).toEqual([2, 1]);
  step.dispose();
});

it('makes no second copy of what a run writes', async () => {
  const size = 2 ** 20;
  const double: StepFunction = ({ x }) => ({ state: { x: tf.mul(x as tf.Tensor, 2) }, outputs: {} });
  const step = compileStep(double, { x: { dtype: 'float32', shape: [size], data: new Float32Array(size) } }, options);
  await step.run({});
  const before = process.memoryUsage().arrayBuffers;
  await step.run({});
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size);
  step.dispose();
});
