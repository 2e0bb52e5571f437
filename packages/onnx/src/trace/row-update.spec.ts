import * as tf from '@tensorflow/tfjs';

import { compileStep } from '../compile-step.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import type { StepFunction } from './program.ts';
import { addRows } from './row-update.ts';
import type { NamedTensors } from './trace.ts';

const floats = (shape: readonly number[], ...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});
const options = { threads: 1 };

it('adds rows one after another and leaves out those of no segment', () => {
  const table = Float32Array.of(1, 1, 0, 0);
  addRows(table, Int32Array.of(0, 2, 0, -1), Float32Array.of(1, 2, 9, 9, 3, 4, 9, 9), 2);
  expect([...table]).toEqual([5, 7, 0, 0]);
});

describe('the gradient of a table that is much larger than the batch', () => {
  const table = floats([100, 2], ...Array.from({ length: 200 }, (_, i) => i));
  const inputs = {
    ids: { dtype: 'int32', shape: [3], data: Int32Array.of(7, 99, 7) },
    upstream: floats([3, 2], 1, 2, 3, 4, 5, 6),
  } as const;
  const gradientOf = (state: NamedTensors, given: NamedTensors): tf.Tensor =>
    tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.gather(x, given.ids as tf.Tensor1D), given.upstream as tf.Tensor)))(
      state.table as tf.Tensor,
    );
  const expected = (times: number): number[] =>
    Object.assign(new Array<number>(200).fill(0), { 14: 6, 15: 8, 198: 3, 199: 4 }).map((value) => value * times);
  const initialState = { table, gradient: floats([100, 2], ...new Array<number>(200).fill(0.5)) };

  it('is the sum of the rows of the batch, and nothing of what stood there before', async () => {
    const step = compileStep(
      (state, given) => ({ state: { ...state, gradient: gradientOf(state, given) }, outputs: {} }),
      initialState,
      options,
    );
    for (let run = 0; run < 2; run++) await step.run(inputs);
    expect([...(step.readState().gradient?.data ?? [])]).toEqual(expected(1));
    step.dispose();
  });

  it('is added to what stands there where the step says so', async () => {
    const add: StepFunction = (state, given) => ({
      state: { ...state, gradient: tf.add(state.gradient as tf.Tensor, gradientOf(state, given)) },
      outputs: {},
    });
    const step = compileStep(add, { ...initialState, gradient: floats([100, 2], ...expected(1)) }, options);
    for (let run = 0; run < 2; run++) await step.run(inputs);
    expect([...(step.readState().gradient?.data ?? [])]).toEqual(expected(3));
    step.dispose();
  });
});
