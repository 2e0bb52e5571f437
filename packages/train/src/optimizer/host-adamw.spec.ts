import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { movingAverage } from './moving-average.ts';
import { adamw } from './adamw.ts';
import { formulaValues, itWithGolden } from './golden.spec.helper.ts';
import { gradientNorm, hostAdamw, type ParameterRule } from './host-adamw.ts';
import { createStateMemory, type Kept, type StateMemory } from './state-memory.ts';
import type { UpdateRule } from './update-rule.ts';

const rule: UpdateRule = { gradientClip: Infinity, beta1: 0.9, beta2: 0.98, weightDecay: 0 };
const plain: ParameterRule = { decays: false, scale: 1, upper: Infinity };
const rates = { learningRate: 0.1, step: 1 };

/** Memory of one parameter called `w`. */
function memoryOf(values: Partial<Record<Kept, readonly number[]>>): StateMemory {
  const memory = createStateMemory({ w: values.param?.length ?? 0 }, values.average !== undefined);
  for (const [role, numbers] of Object.entries(values)) arrayOf(memory, role as Kept).set(numbers);
  return memory;
}

const arrayOf = ({ parameters }: StateMemory, role: Kept, index = 0): Float32Array =>
  parameters[index]?.arrays[role] ?? new Float32Array(0);

itWithGolden("equals ten steps of torch's AdamW", ({ adamw: golden }) => {
  const memory = memoryOf({ param: golden.start });
  golden.trajectory.forEach((expected, index) => {
    arrayOf(memory, 'gradient').set(formulaValues(`g${String(index)}`, expected.length));
    const settings = { ...rule, beta1: golden.betas[0], beta2: golden.betas[1], weightDecay: golden.weight_decay };
    hostAdamw(memory, settings, () => ({ ...plain, decays: true }), {
      learningRate: golden.lr,
      step: index + 1,
      epsilon: golden.eps,
    });
    expect(arrayOf(memory, 'param')).toBeAllClose(expected, 2e-7);
  });
});

it('equals the TF.js form over three steps, with clipping, decay, scaled rates and a moving average', () => {
  const random = createRandom(3);
  const numbers = (): number[] => Array.from({ length: 37 }, () => random.normal());
  const start = numbers();
  const memory = memoryOf({ param: start, average: start });
  let params: Record<string, tf.Tensor> = { w: tf.tensor2d(start, [37, 1]) };
  let average = params;
  let moments = { first: { w: tf.zeros([37, 1]) }, second: { w: tf.zeros([37, 1]) } } as Parameters<typeof adamw>[2];
  for (const step of [1, 2, 3]) {
    const gradient = numbers();
    arrayOf(memory, 'gradient').set(gradient);
    const norm = Math.hypot(...gradient);
    const settings = { ...rule, gradientClip: 2, weightDecay: 0.3, averageDecay: 0.2 };
    const own = { decays: true, scale: 0.5, upper: Infinity };
    expect(hostAdamw(memory, settings, () => own, { learningRate: 0.1, step })).toBeCloseTo(norm, 5);
    const clipped = { w: tf.mul(tf.tensor2d(gradient, [37, 1]), 2 / (norm + 1e-6)) };
    ({ params, moments } = adamw(params, clipped, moments, {
      learningRate: tf.scalar(0.1),
      step: tf.scalar(step),
      beta1: 0.9,
      beta2: 0.98,
      weightDecay: 0.3,
      learningRateScale: () => 0.5,
    }));
    average = movingAverage(average, params, Math.min(0.2, step / (9 + step)));
    expect(arrayOf(memory, 'param')).toBeAllClose([...(params['w']?.dataSync() ?? [])], 1e-6);
    expect(arrayOf(memory, 'average')).toBeAllClose([...(average['w']?.dataSync() ?? [])], 1e-6);
  }
});

it('takes the norm over all memories together, and clips by it: 3 and 4 make 5', () => {
  const memory = createStateMemory({ a: 16, b: 16 }, false, 64 + 16 * 4 * 4); // one parameter fills a memory
  expect(memory.gradients).toHaveLength(2);
  memory.gradients[0]?.set([3]);
  memory.gradients[1]?.set([0, 4]);
  expect(gradientNorm(memory)).toBe(5);
  hostAdamw(memory, { ...rule, gradientClip: 1 }, () => plain, rates);
  expect(arrayOf(memory, 'first', 0)[0]).toBeCloseTo(0.6, 6);
  expect(arrayOf(memory, 'first', 1)[1]).toBeCloseTo(0.8, 6);
});

it('halves the gradients where it is told to, norm included', () => {
  const memory = memoryOf({ param: [0], gradient: [6] });
  expect(hostAdamw(memory, rule, () => plain, { ...rates, gradientScale: 0.5 })).toBe(3);
  expect(arrayOf(memory, 'first')[0]).toBe(3);
});

it('keeps a parameter below its bound', () => {
  const memory = memoryOf({ param: [4.6], gradient: [-1] });
  hostAdamw(memory, rule, () => ({ ...plain, upper: 4.65 }), rates); // 4.6 + 0.1 is above
  expect(arrayOf(memory, 'param')[0]).toBeCloseTo(4.65, 6);
});

it('lets moments fade to zero, not to numbers below the normal ones', () => {
  const memory = memoryOf({ param: [1], first: [1.19e-38], second: [1.19e-38] }); // × 0.98: subnormal
  hostAdamw(memory, rule, () => plain, rates);
  expect([...arrayOf(memory, 'first'), ...arrayOf(memory, 'second')]).toEqual([0, 0]);
});

it('does not hide what is no number', () => {
  const memory = memoryOf({ param: [1, 1], gradient: [NaN, 0] });
  expect(hostAdamw(memory, { ...rule, gradientClip: 1 }, () => plain, rates)).toBeNaN();
  expect(arrayOf(memory, 'param')[0]).toBeNaN();
});

it('names a parameter that no memory can hold', () => {
  expect(() => createStateMemory({ a: 1, big: 100 }, false, 64 + 16 * 4 * 4)).toThrow(
    'parameter "big": expected at most 16 entries, got 100',
  );
});
