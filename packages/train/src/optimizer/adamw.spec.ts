import { compileStep, type HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { adamw, type AdamwOptions, type Moments } from './adamw.ts';
import { formulaValues, itWithGolden } from './golden.spec.helper.ts';

const options = (rate: number, step: number, more: Partial<AdamwOptions> = {}): AdamwOptions => ({
  learningRate: tf.scalar(rate),
  step: tf.scalar(step),
  beta1: 0.9,
  beta2: 0.98,
  weightDecay: 0,
  ...more,
});

const zeros = (named: Record<string, tf.Tensor>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.zerosLike(tensor)]));

const freshMoments = (named: Record<string, tf.Tensor>): Moments => ({ first: zeros(named), second: zeros(named) });

itWithGolden("equals ten steps of torch's AdamW", ({ adamw: golden }) => {
  let params: Record<string, tf.Tensor> = { w: tf.tensor1d(golden.start) };
  let moments = freshMoments(params);
  golden.trajectory.forEach((expected, index) => {
    const gradients = { w: tf.tensor1d(formulaValues(`g${String(index)}`, expected.length)) };
    ({ params, moments } = adamw(params, gradients, moments, {
      ...options(golden.lr, index + 1),
      beta1: golden.betas[0],
      beta2: golden.betas[1],
      epsilon: golden.eps,
      weightDecay: golden.weight_decay,
      decays: () => true,
    }));
    expect(params['w']?.dataSync()).toBeAllClose(expected, 2e-7);
  });
});

itWithGolden('equals them as a compiled step too, whose state stays on the device', async ({ adamw: golden }) => {
  const host = (data: number[], shape: number[] = [data.length]): HostTensor => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from(data),
  });
  const nothing = golden.start.map(() => 0);
  const step = compileStep(
    (state, inputs) => {
      const { params, moments } = adamw(
        { w: state['w'] as tf.Tensor },
        { w: inputs['gradient'] as tf.Tensor },
        { first: { w: state['first'] as tf.Tensor }, second: { w: state['second'] as tf.Tensor } },
        {
          learningRate: inputs['rate'] as tf.Scalar,
          step: inputs['step'] as tf.Scalar,
          beta1: golden.betas[0],
          beta2: golden.betas[1],
          epsilon: golden.eps,
          weightDecay: golden.weight_decay,
          decays: () => true,
        },
      );
      const next = { w: params['w'], first: moments.first['w'], second: moments.second['w'] };
      return { state: next as Record<string, tf.Tensor>, outputs: {} };
    },
    { w: host(golden.start), first: host(nothing), second: host(nothing) },
  );
  for (const [index, expected] of golden.trajectory.entries()) {
    const gradient = host(formulaValues(`g${String(index)}`, expected.length));
    await step.run({ gradient, rate: host([golden.lr], []), step: host([index + 1], []) });
    expect(step.readState()['w']?.data ?? []).toBeAllClose(expected, 2e-7);
  }
  step.dispose();
});

it('moves by the learning rate against the sign of the first gradient', () => {
  const params = { w: tf.tensor1d([1, 1, 1]) };
  const gradients = { w: tf.tensor1d([3, -0.5, 0]) };
  const { params: next } = adamw(params, gradients, freshMoments(params), options(0.1, 1)); // m / √v = sign(g)
  expect(next['w']?.dataSync()).toBeAllClose([0.9, 1.1, 1], 1e-6);
});

it('shrinks matrices alone, by learning rate · decay', () => {
  const params = {
    'map.weight': tf.ones([2, 2]),
    'map.bias': tf.ones([2]),
    'norm.scale': tf.ones([1, 2]),
    logScale: tf.scalar(1),
  };
  const { params: next } = adamw(params, zeros(params), freshMoments(params), options(0.5, 1, { weightDecay: 0.2 }));
  expect(next['map.weight']?.dataSync()).toBeAllClose([0.9, 0.9, 0.9, 0.9]);
  for (const name of ['map.bias', 'norm.scale', 'logScale']) expect(next[name]?.dataSync()[0]).toBe(1);
});

it('leaves parameters as they are at learning rate 0, moments going on', () => {
  const params = { w: tf.tensor2d([[1, -2]]) };
  const gradients = { w: tf.tensor2d([[0, 4]]) };
  const result = adamw(params, gradients, freshMoments(params), options(0, 1, { weightDecay: 0.2 }));
  expect(result.params['w']?.dataSync()).toBeAllClose([1, -2], 0);
  expect(result.moments.first['w']?.dataSync()).toBeAllClose([0, 4]);
  expect(result.moments.second['w']?.dataSync()).toBeAllClose([0, 16]);
});

it('scales the learning rate and the decay of single parameters', () => {
  const params = { a: tf.ones([1, 1]), b: tf.ones([1, 1]) };
  const gradients = { a: tf.ones([1, 1]), b: tf.ones([1, 1]) };
  const scaled = options(0.1, 1, { weightDecay: 0.5, learningRateScale: (name) => (name === 'b' ? 0.5 : 1) });
  const { params: next } = adamw(params, gradients, freshMoments(params), scaled);
  expect(next['a']?.dataSync()).toBeAllClose([1 - 0.05 - 0.1]);
  expect(next['b']?.dataSync()).toBeAllClose([1 - 0.025 - 0.05]);
});

it('names a parameter without gradient', () => {
  const params = { w: tf.scalar(1) };
  expect(() => adamw(params, {}, freshMoments(params), options(0.1, 1))).toThrow('adamw: "w" is missing');
});

it('leaves nothing behind but its results', () => {
  const params = { w: tf.ones([2, 2]), b: tf.ones([2]) };
  const moments = freshMoments(params);
  const given = options(0.1, 1, { weightDecay: 0.1 });
  const before = tf.memory().numTensors;
  tf.dispose(adamw(params, params, moments, given));
  expect(tf.memory().numTensors).toBe(before);
});
