import * as tf from '@tensorflow/tfjs';

/** What of a TF.js backend frees the values of an intermediate result. */
interface Storage {
  disposeData(dataId: object): unknown;
}

/** Lets `AddN` of a backend take any number of terms: it binds a buffer for each, and devices need not have more than eight,
 * one of them for the result.
 * @param most - terms added at once, at least 2. */
export function addInGroups(backendName: string, most = 7): void {
  const kernel = tf.getKernel('AddN', backendName);
  const kernelFunc: tf.KernelFunc = (call) => {
    let terms = Object.values(call.inputs) as tf.TensorInfo[];
    let made: tf.TensorInfo | undefined;
    while (terms.length > most) {
      const sum = kernel.kernelFunc({ ...call, inputs: terms.slice(0, most) as never }) as tf.TensorInfo;
      if (made) (call.backend as Storage).disposeData(made.dataId);
      made = sum;
      terms = [sum, ...terms.slice(most)];
    }
    const result = kernel.kernelFunc({ ...call, inputs: terms as never });
    if (made) (call.backend as Storage).disposeData(made.dataId);
    return result;
  };
  tf.unregisterKernel('AddN', backendName);
  tf.registerKernel({ ...kernel, kernelFunc });
}
