import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { downloadAll, downloadAllSync, uploadAll, type HostTensors } from './host-tensors.ts';
import type { StepFunction, StepRunner } from './step-runner.ts';

/** Runs a step operation by operation, on any TF.js backend. */
export function createEagerStep(step: StepFunction, initialState: HostTensors): StepRunner {
  let state = uploadAll(initialState);
  const replaceState = (next: Record<string, tf.Tensor>): void => {
    tf.dispose(state);
    state = next;
  };
  return {
    run: async (inputs, seed) => {
      const result = tf.tidy(() => {
        const { state: next, outputs } = step(state, uploadAll(inputs), { hostInput: fillWith(seed) });
        return { next: cloneAll(next), outputs };
      });
      replaceState(result.next);
      try {
        return await downloadAll(result.outputs);
      } finally {
        tf.dispose(result.outputs);
      }
    },
    readState: () => downloadAllSync(state),
    writeState: (next) => {
      replaceState(uploadAll(next));
    },
    dispose: () => {
      tf.dispose(state);
    },
  };
}

const fillWith =
  (seed: number) =>
  (shape: readonly number[], dtype: HostTensor['dtype'], fill: (data: HostTensor['data'], seed: number) => void) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const data =
      dtype === 'float32' ? new Float32Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
    fill(data, seed);
    return tf.tensor(data, [...shape], dtype);
  };

/** A step may hand a tensor of its state on unchanged; clones let the old state be freed all the same. */
const cloneAll = (named: Record<string, tf.Tensor>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.clone(tensor)]));
