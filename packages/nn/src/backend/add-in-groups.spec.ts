import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

import { addInGroups } from './add-in-groups.ts';

it.each([1, 3, 4, 9])('adds %i terms, at most three at once, and frees what lies between', async (count) => {
  const name = `three at once, ${String(count)}`;
  const backend = new MathBackendCPU();
  tf.registerBackend(name, () => backend);
  tf.copyRegisteredKernels('cpu', name);
  const kernel = tf.getKernel('AddN', name);
  tf.unregisterKernel('AddN', name);
  const kernelFunc: tf.KernelFunc = (call) => {
    expect(Object.keys(call.inputs).length).toBeLessThanOrEqual(3);
    return kernel.kernelFunc(call);
  };
  tf.registerKernel({ ...kernel, kernelFunc });
  addInGroups(name, 3);
  await tf.setBackend(name);
  const terms = Array.from({ length: count }, (_, i) => tf.tensor1d([i, 1]));
  const stored = backend.numDataIds();
  const sum = tf.addN(terms);
  expect(sum.dataSync()).toBeAllClose([(count * (count - 1)) / 2, count]); // 0 + 1 + … + (count − 1)
  expect(backend.numDataIds() - stored).toBeLessThanOrEqual(1);
});
