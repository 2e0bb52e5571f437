import { compileStep, type TraceContext } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { createEagerStep } from './eager-step.ts';
import type { HostTensors } from './host-tensors.ts';

/** What a step may ask for beside its state and inputs. */
export type StepContext = Pick<TraceContext, 'hostInput'>;

/** One step as a pure function: state and inputs in, new state and outputs out. Made of TF.js operations alone. */
export type StepFunction = (
  state: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  context: StepContext,
) => { readonly state: Record<string, tf.Tensor>; readonly outputs: Record<string, tf.Tensor> };

/** Runs a step again and again on state that it keeps on the device. */
export interface StepRunner {
  /** One step. The state is replaced.
   * @param inputs - the batch, and scalars such as the learning rate.
   * @param seed - the chance of this step: equal seeds give equal dropout masks.
   * @returns the step's outputs. */
  run(inputs: HostTensors, seed: number): Promise<HostTensors>;
  /** Copies of the state, for a checkpoint. */
  readState(): HostTensors;
  /** Replaces the state, from a checkpoint. */
  writeState(state: HostTensors): void;
  /** Frees the state. */
  dispose(): void;
}

/** The fastest runner that the current TF.js backend has: compiled on `onnxruntime`, eager on the others. */
export function createStepRunner(step: StepFunction, initialState: HostTensors): StepRunner {
  return tf.getBackend() === 'onnxruntime' ? compileStep(step, initialState) : createEagerStep(step, initialState);
}
