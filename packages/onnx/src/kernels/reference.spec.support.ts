import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';

import { compile } from '../compile.ts';
import { onnxBackendName, registerOnnxBackend } from '../eager/eager-backend.ts';
import type { HostTensor, HostType } from '../runtime/host-tensor.ts';

/** An input of a case: its entries are spread over [low, high], whole numbers where the type is int32. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype?: HostType;
  readonly low?: number;
  readonly high?: number;
  /** Entries, where they matter. */
  readonly values?: readonly number[];
}

/** One function whose results are compared between the backends. */
export interface KernelCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly fn: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Whether to compare gradients with respect to the float inputs; default true. */
  readonly gradient?: boolean;
  readonly tolerance?: number;
}

/** Shorthand for a float input. */
export const floats = (...shape: number[]): CaseInput => ({ shape });
/** Shorthand for an int32 input in [low, high]. */
export const ints = (low: number, high: number, ...shape: number[]): CaseInput => ({
  shape,
  dtype: 'int32',
  low,
  high,
});
/** Shorthand for a bool input. */
export const bools = (...shape: number[]): CaseInput => ({ shape, dtype: 'bool', low: 0, high: 1 });

const goldenRatio = 0.6180339887498949;

/** Entries without ties or pattern: the fractional parts of the multiples of the golden ratio. */
function hostTensor({ shape, dtype = 'float32', low = -2, high = 2, values }: CaseInput, index: number): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const spread = Array.from({ length: size }, (_, i) => low + (high - low) * (((i + 1 + 7 * index) * goldenRatio) % 1));
  const entries = values ?? spread;
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(entries) };
  const whole = entries.map(Math.round);
  return { dtype, shape, data: dtype === 'int32' ? Int32Array.from(whole) : Uint8Array.from(whole) };
}

type Results = Record<string, tf.Tensor>;

/** Forward results and gradients of a weighted sum of them, by name. */
function evaluate({ fn, gradient = true }: KernelCase, inputs: readonly tf.Tensor[]): Results {
  const listed = (result: tf.Tensor | tf.Tensor[]) => (Array.isArray(result) ? result : [result]);
  const forward = listed(fn(...inputs)).map((output, i) => [`output ${String(i)}`, output] as const);
  const floatInputs = inputs.filter(({ dtype }) => dtype === 'float32');
  const isSmooth = forward.some(([, { dtype }]) => dtype === 'float32');
  if (!gradient || !isSmooth || floatInputs.length === 0) return Object.fromEntries(forward);
  const weighted = (...floating: tf.Tensor[]): tf.Scalar => {
    const remaining = [...floating];
    const all = inputs.map((input) => (input.dtype === 'float32' ? (remaining.shift() as tf.Tensor) : input));
    const sums = listed(fn(...all))
      .filter(({ dtype }) => dtype === 'float32')
      .map((output) => {
        const weights = Float32Array.from({ length: output.size }, (_, i) => Math.cos(i + 1));
        return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
      });
    return tf.addN(sums).asScalar();
  };
  const gradients = tf.grads(weighted)(floatInputs);
  return Object.fromEntries([...forward, ...gradients.map((tensor, i) => [`gradient ${String(i)}`, tensor] as const)]);
}

/** Evaluates a case eagerly on a backend, and checks that it leaves nothing behind. */
function runEagerly(
  backend: string,
  kernelCase: KernelCase,
  inputs: readonly HostTensor[],
): Record<string, HostTensor> {
  void tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const collected: Record<string, HostTensor> = {};
  tf.tidy(() => {
    const tensors = inputs.map(({ dtype, shape, data }) => tf.tensor(data, [...shape], dtype));
    for (const [name, tensor] of Object.entries(evaluate(kernelCase, tensors))) {
      collected[name] = { dtype: tensor.dtype as HostType, shape: tensor.shape, data: tensor.dataSync<'float32'>() };
    }
  });
  expect(tf.memory().numTensors).toBe(before);
  return collected;
}

function expectSame(actual: Readonly<Record<string, HostTensor>>, expected: typeof actual, tolerance: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, { dtype, shape, data }] of Object.entries(expected)) {
    expect({ name, dtype: actual[name]?.dtype, shape: actual[name]?.shape }).toEqual({ name, dtype, shape });
    const wanted = [...data];
    const scale = Math.max(1, ...wanted.filter(Number.isFinite).map(Math.abs));
    const entries = [...(actual[name]?.data ?? [])];
    const isSame = (entry: number, reference: number) =>
      Object.is(entry, reference) || entry === reference || Math.abs(entry - reference) <= tolerance * scale;
    const different = entries.findIndex((entry, i) => !isSame(entry, wanted[i] ?? NaN));
    expect({ name, entry: different, is: entries[different] }).toEqual({ name, entry: -1, is: wanted[different] });
  }
}

/** Runs a case on the CPU backend, on the eager backend and compiled, and expects equal types, shapes and entries. */
export async function checkCase(kernelCase: KernelCase): Promise<void> {
  registerOnnxBackend({ smallSize: 0, threads: 1, runtime: { graphOptimizationLevel: 'basic' } });
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false); // no advice on the console
  const { inputs, tolerance = 1e-5 } = kernelCase;
  const tensors = inputs.map(hostTensor);
  const expected = runEagerly('cpu', kernelCase, tensors);
  expectSame(runEagerly(onnxBackendName, kernelCase, tensors), expected, tolerance);
  const before = tf.memory().numTensors;
  const compiled = compile((named) => evaluate(kernelCase, Object.values(named)), { threads: 1 });
  const outputs = await compiled.run(Object.fromEntries(tensors.map((tensor, i) => [`x${String(i)}`, tensor])));
  compiled.dispose();
  expect(tf.memory().numTensors).toBe(before);
  expectSame(outputs, expected, tolerance);
}
