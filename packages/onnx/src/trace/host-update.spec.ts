import * as tf from '@tensorflow/tfjs';

import { compileStep } from '../compile-step.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import { buildProgram, type StepFunction } from './program.ts';
import { addRows } from './host-update.ts';
import { rowUpdateOf } from './row-update.ts';
import { trace, type NamedTensors } from './trace.ts';

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

  const replace: StepFunction = (state, given) => ({
    state: { ...state, gradient: gradientOf(state, given) },
    outputs: {},
  });

  it('leaves no table in the graph', () => {
    const program = buildProgram(replace, initialState, inputs, options);
    program.session.dispose();
    expect(program.hostUpdates.map(({ name }) => name)).toEqual(['gradient']);
    expect(program.stateUpdates).toEqual([]);
  });

  it('is the sum of the rows of the batch, and nothing of what stood there before', async () => {
    const step = compileStep(replace, initialState, options);
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

const [bags, each, width, rows] = [64, 8, 128, 300];
const whole = (count: number, modulus: number, offset: number) =>
  Array.from({ length: count }, (_, i) => ((i * 7 + 3) % modulus) + offset);
const ids = { dtype: 'int32', shape: [bags, each], data: Int32Array.from(whole(bags * each, rows, 0)) } as const;
const bagInputs = {
  ids,
  weights: floats([bags, 1, each], ...whole(bags * each, 5, -2)),
  upstream: floats([bags, 1, width], ...whole(bags * width, 11, -5)),
};
const bagGradientOf = (state: NamedTensors, given: NamedTensors): tf.Tensor =>
  tf.grad((x: tf.Tensor) => {
    const sums = tf.matMul(given.weights as tf.Tensor, tf.gather<tf.Tensor>(x, given.ids as tf.Tensor2D));
    return tf.sum(tf.mul(sums, given.upstream as tf.Tensor));
  })(state.table as tf.Tensor);

/** In plain loops; whole numbers, so that every order gives the same. */
function bagSums(): Float32Array {
  const sums = new Float32Array(rows * width);
  ids.data.forEach((id, i) => {
    const from = Math.floor(i / each) * width;
    for (let j = 0; j < width; j += 1) {
      const part = (bagInputs.weights.data[i] ?? 0) * (bagInputs.upstream.data[from + j] ?? 0);
      sums[id * width + j] = (sums[id * width + j] ?? 0) + part;
    }
  });
  return sums;
}

const bagCases = [
  { onto: 'zeros', before: 5, step: bagGradientOf, times: [1, 1] },
  {
    onto: 'what stands there',
    before: 0,
    step: (state: NamedTensors, given: NamedTensors) =>
      tf.add(state.gradient as tf.Tensor, bagGradientOf(state, given)),
    times: [1, 2],
  },
];

describe('the gradient of a table under weighted sums of its rows', () => {
  it.each(bagCases)('is added onto $onto, exactly, on the host', async ({ before, step, times }) => {
    const compiled = compileStep(
      (state, given) => ({ state: { ...state, gradient: step(state, given) }, outputs: {} }),
      {
        table: floats([rows, width], ...whole(rows * width, 13, 0)),
        gradient: floats([rows, width], ...new Array<number>(rows * width).fill(before)),
      },
      options,
    );
    for (const factor of times) {
      await compiled.run(bagInputs);
      const gradient = compiled.readState().gradient?.data ?? [];
      expect([...gradient]).toEqual(Array.from(bagSums(), (sum) => sum * factor));
    }
    compiled.dispose();
  });

  it('leaves the graph as ids, weights and vectors, not as rows', () => {
    trace((tracer) => {
      const before = tracer.input('table', { dtype: 'float32', shape: [rows, width] });
      const entries = Object.entries(bagInputs).map(([name, type]): [string, tf.Tensor] => [
        name,
        tracer.input(name, type),
      ]);
      const given = Object.fromEntries(entries);
      const after = tracer.valueFor(bagGradientOf({ table: before }, given));
      const update = rowUpdateOf({ before: tracer.valueFor(before), after });
      expect(update?.weights?.shape).toEqual([bags, each, 1]);
      expect(update?.rows.shape).toEqual([bags, 1, width]);
    });
  });
});
