import type { TraceContext } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import type { UpdateRates, UpdateRule } from '../optimizer/update-rule.ts';
import { createCompiledStep } from './compiled-step.ts';
import { createEagerStep } from './eager-step.ts';
import { hostScalar, type HostTensors } from './host-tensors.ts';

/** What a step may ask for beside its state and inputs. */
export type StepContext = Pick<TraceContext, 'hostInput'>;

/** What a step computes. */
export interface StepResult {
  /** Every entry of the state; those that stay are handed on. */
  readonly state: Record<string, tf.Tensor>;
  readonly outputs: Record<string, tf.Tensor>;
  /** What {@link GradientRunner.update} moves parameters by: gradients by their names, and the rule. */
  readonly update?: { readonly gradients: Record<string, tf.Tensor>; readonly rule: UpdateRule };
}

/** The forward and backward pass as a pure function: state and inputs in, new state, outputs and gradients out. Made of
 * TF.js operations alone. */
export type StepFunction = (
  state: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  context: StepContext,
) => StepResult;

/** What an update tells. */
export interface UpdateReport {
  /** L2 norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** 1 / temperature after the update; NaN for a model without. */
  readonly logitScale: number;
}

/** What an update may be told. */
export interface UpdateOptions {
  /** Changes the gradients in place before they are clipped, such as their sum over several machines.
   * @param gradients - all of them in few arrays, in the same order everywhere. */
  readonly exchange?: (gradients: readonly Float32Array[]) => void | Promise<void>;
  /** Factor of the gradients, before clipping: 1 / n for the mean of n batches. */
  readonly gradientScale?: number;
}

/** Runs a step again and again on state that it keeps, gradients and update apart. */
export interface GradientRunner {
  /** One forward and backward pass. The gradients that the step returns are kept.
   * @param seed - the chance of this pass: equal seeds give equal dropout masks.
   * @param add - whether they are added to those kept before, or replace them.
   * @returns the step's outputs. */
  gradients(inputs: HostTensors, seed: number, add?: boolean): Promise<HostTensors>;
  /** Clips the gradients that are kept and moves the parameters by AdamW. */
  update(rates: UpdateRates, options?: UpdateOptions): Promise<UpdateReport>;
  /** Whether a pass has returned gradients. */
  hasGradients(): boolean;
  /** Copies of the state, for a checkpoint. */
  readState(): Promise<HostTensors>;
  /** Replaces the state, from a checkpoint. */
  writeState(state: HostTensors): void;
  /** Frees the state. */
  dispose(): void;
}

/** A {@link GradientRunner} that takes whole steps as well. */
export interface StepRunner extends GradientRunner {
  /** One step: gradients, then the update where the inputs name the rates for it.
   * @param inputs - the batch; `learningRate` and `step` (1-based) for the update.
   * @param seed - the chance of this step.
   * @returns the step's outputs, and `gradientNorm` and `logitScale` of the update. */
  run(inputs: HostTensors, seed: number): Promise<HostTensors>;
}

/** The fastest runner that the current TF.js backend has: compiled on `onnxruntime`, eager on the others.
 * @param initialState - by the prefixes of `statePart`; the parameters that have moments are those that learn. */
export function createStepRunner(step: StepFunction, initialState: HostTensors): StepRunner {
  const create = tf.getBackend() === 'onnxruntime' ? createCompiledStep : createEagerStep;
  const runner = create(step, initialState);
  const run = async (inputs: HostTensors, seed: number): Promise<HostTensors> => {
    const outputs = await runner.gradients(inputs, seed);
    if (!runner.hasGradients() || !inputs['learningRate'] || !inputs['step']) return outputs;
    const [learningRate = NaN, step = NaN] = [inputs['learningRate'].data[0], inputs['step'].data[0]];
    const { gradientNorm, logitScale } = await runner.update({ learningRate, step });
    return { ...outputs, gradientNorm: hostScalar(gradientNorm), logitScale: hostScalar(logitScale) };
  };
  return { ...runner, run };
}
