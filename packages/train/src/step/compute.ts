import { compile } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { downloadAll, uploadAll, type HostTensors } from './host-tensors.ts';

/** A function of TF.js operations, by names. */
export type ComputeFunction = (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;

/** Runs a function on host arrays: compiled on `onnxruntime`, eager on the other backends. */
export interface Computation {
  /** @returns the function's outputs. */
  run(inputs: HostTensors): Promise<HostTensors>;
  /** Frees what was compiled. */
  dispose(): void;
}

/** The fastest way to run `fn` that the current TF.js backend has. */
export function createComputation(fn: ComputeFunction): Computation {
  if (tf.getBackend() === 'onnxruntime') return compile(fn);
  return {
    run: async (inputs) => {
      const outputs = tf.tidy(() => fn(uploadAll(inputs)));
      try {
        return await downloadAll(outputs);
      } finally {
        tf.dispose(outputs);
      }
    },
    dispose: () => undefined,
  };
}
