import { createRandom } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

import { padExplicitly } from './pad-explicitly.ts';
import { normalTensor } from '../init.ts';

const around: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];
const functions: Readonly<Record<string, (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor>> = {
  convolution: (x, filter) => tf.conv2d(x, filter, 2, around),
  'depthwise convolution': (x, filter) => tf.depthwiseConv2d(x, filter, 1, around),
  'largest of a window': (x, filter) => tf.mul(tf.maxPool(x, 3, 2, 1, 'floor'), tf.sum(filter)),
};

/** Kernels that would fail if they were handed an explicit padding: those of the CPU backend behind a check. */
function withoutExplicitPaddings(name: string): void {
  tf.registerBackend(name, () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', name);
  for (const kernelName of ['Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropFilter', 'MaxPool', 'MaxPoolGrad']) {
    const kernel = tf.getKernel(kernelName, name);
    tf.unregisterKernel(kernelName, name);
    const kernelFunc: tf.KernelFunc = (call) => {
      if (call.attrs?.['pad'] !== 'valid') throw new Error('expected valid');
      return kernel.kernelFunc(call);
    };
    tf.registerKernel({ ...kernel, kernelFunc });
  }
}

async function gradientsOn(backend: string, fn: (typeof functions)[string]): Promise<number[][]> {
  await tf.setBackend(backend);
  const random = createRandom(5);
  const x = normalTensor<tf.Rank.R4>([2, 5, 5, 3], 1, random);
  const filter = normalTensor<tf.Rank.R4>([3, 3, 3, 2], 1, random);
  const weights = fn(x, filter);
  const before = tf.memory().numTensors;
  const gradients = tf.grads((...[a, b]) => tf.sum(tf.mul(fn(a as tf.Tensor4D, b as tf.Tensor4D), weights)))([
    x,
    filter,
  ]);
  expect(tf.memory().numTensors).toBe(before + 2);
  return [weights, ...gradients].map((tensor) => Array.from(tensor.dataSync()));
}

it.each(Object.keys(functions))(
  '%s: padding before and cropping after is the same as the kernel’s own',
  async (name) => {
    const fn = functions[name] as (typeof functions)[string];
    const expected = await gradientsOn('cpu', fn);
    const helped = `limited ${name}`;
    withoutExplicitPaddings(helped);
    await expect(gradientsOn(helped, fn)).rejects.toThrow('expected valid');
    padExplicitly(helped);
    const actual = await gradientsOn(helped, fn);
    for (const [i, values] of expected.entries()) expect(actual[i]).toBeAllClose(values, 1e-5);
  },
);
