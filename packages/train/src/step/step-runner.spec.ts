import { useBackend } from '@azclip/nn';
import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { createStepRunner, type StepFunction, type StepRunner } from './step-runner.ts';

const floats = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});
const zeros = floats(0, 0);
const initialState = { 'params.w': floats(1, 2), 'params.frozen': floats(5), 'first.w': zeros, 'second.w': zeros };

/** Gradient of Σ w · x is x; the frozen entry counts passes. */
const step: StepFunction = (state, inputs) => ({
  state: { ...state, 'params.frozen': tf.add(state['params.frozen'] as tf.Tensor, 1) },
  outputs: { loss: tf.sum(tf.mul(state['params.w'] as tf.Tensor, inputs['x'] as tf.Tensor)) },
  update: {
    gradients: { w: inputs['x'] as tf.Tensor },
    rule: { gradientClip: 100, beta1: 0.9, beta2: 0.98, weightDecay: 0 },
  },
});
const valuesOf = async (runner: StepRunner, name: string): Promise<number[]> => [
  ...((await runner.readState())[name]?.data ?? []),
];

describe.each(['onnxruntime', 'cpu'] as const)('steps on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('takes a whole step where the inputs name the rates', async () => {
    const runner = createStepRunner(step, initialState);
    const rates = { learningRate: floats(0.5), step: floats(1) };
    const { loss, gradientNorm } = await runner.run({ x: floats(3, -4), ...rates }, 0);
    expect([loss?.data[0], gradientNorm?.data[0]]).toEqual([3 - 8, 5]);
    expect(await valuesOf(runner, 'params.w')).toBeAllClose([0.5, 2.5], 1e-5); // m / √v = sign(g)
    expect(await valuesOf(runner, 'params.frozen')).toEqual([6]);
    expect(initialState['params.frozen'].data[0]).toBe(5);
    runner.dispose();
  });

  it('adds gradients where told, replaces them otherwise, and scales their sum', async () => {
    const runner = createStepRunner(step, initialState);
    await runner.gradients({ x: floats(100, 100) }, 0);
    await runner.gradients({ x: floats(1, 0) }, 0);
    await runner.gradients({ x: floats(5, -8) }, 0, true);
    const { gradientNorm, logitScale } = await runner.update({ learningRate: 0, step: 1 }, { gradientScale: 0.5 });
    expect(gradientNorm).toBeCloseTo(5, 5); // (1 + 5, −8) / 2
    expect(logitScale).toBeNaN();
    expect(await valuesOf(runner, 'first.w')).toBeAllClose([3, -4], 1e-6);
    runner.dispose();
  });
});

describe.each(['onnxruntime', 'cpu'] as const)('gradients and state on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('hands gradients out to be changed before they count', async () => {
    const runner = createStepRunner(step, initialState);
    await runner.gradients({ x: floats(3, -4) }, 0);
    const exchange = (gradients: readonly Float32Array[]): void => {
      for (const array of gradients) array.forEach((value, i) => (array[i] = 2 * value));
    };
    expect((await runner.update({ learningRate: 0, step: 1 }, { exchange })).gradientNorm).toBeCloseTo(10, 5);
    expect(await valuesOf(runner, 'first.w')).toBeAllClose([6, -8], 1e-6);
    runner.dispose();
  });

  it('goes on from a state that is written, and refuses an update before any pass', async () => {
    const runner = createStepRunner(step, initialState);
    runner.writeState({ 'params.w': floats(7, 7) });
    expect(await valuesOf(runner, 'params.w')).toEqual([7, 7]);
    await expect(runner.update({ learningRate: 1, step: 1 })).rejects.toThrow('expected gradients');
    runner.dispose();
  });

  it('keeps no tensors from step to step', async () => {
    const runner = createStepRunner(step, initialState);
    const pass = async (): Promise<void> => {
      await runner.gradients({ x: floats(1, 1) }, 0);
      await runner.gradients({ x: floats(1, 1) }, 0, true);
      await runner.update({ learningRate: 0.1, step: 1 }, { exchange: () => undefined });
    };
    await pass();
    const before = tf.memory().numTensors;
    await pass();
    expect(tf.memory().numTensors).toBe(before);
    runner.dispose();
  });
});
