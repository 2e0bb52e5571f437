import { distillationLoss } from '@azclip/loss';
import { unflattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FitConfig } from '../config.ts';
import type { DistillationSection } from './config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import type { StepFunction } from '../step/step-runner.ts';
import { learnedOf, logScaleName, statePart, withoutPrefix, withPrefix, type Named } from '../step/train-state.ts';
import { valueAndGradients } from '../step/train-step.ts';
import { trainingMode } from '../step/training-mode.ts';
import { updateParameters } from '../step/update-parameters.ts';

/** The entries of the contrastive state that are the distillation's too: the text side, and the temperature, which rests. */
const ofDistillation = /^(?:params|first|second|average)\.(?:textTower\.|textHead\.|loss\.logScale$)/u;

/** The part of a contrastive state that distillation moves. */
export const distillationState = (state: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(state).filter(([name]) => ofDistillation.test(name)));

/** The contrastive state after distillation: the text side as it was learned, all moments as they are before a first step.
 * @param initial - the contrastive state without distillation.  @param distilled - the state of the distillation. */
export function stateAfterDistillation(initial: HostTensors, distilled: HostTensors): HostTensors {
  const learned = { ...withoutPrefix(distilled, statePart.params), ...withoutPrefix(distilled, statePart.average) };
  return Object.fromEntries(
    Object.entries(initial).map(([name, tensor]) => {
      const isValue = name.startsWith(statePart.params) || name.startsWith(statePart.average);
      return [name, (isValue && learned[name.slice(name.indexOf('.') + 1)]) || tensor];
    }),
  );
}

/** One step of distillation as a pure function: the text tower on captions, the loss against the teacher's features, AdamW.
 * Inputs: `ids`, `mask`, `target`, and the scalars `learningRate` and `step` (1-based). Outputs: `loss`, `gradientNorm`.
 * @param template - any parameters of the model: only their names and form count. */
export function createDistillationStep(
  model: DualEncoder,
  template: DualEncoderParams,
  { train, loss }: Pick<FitConfig, 'train'> & Pick<DistillationSection, 'loss'>,
): StepFunction {
  return (state, inputs, context) => {
    const params = withoutPrefix(state, statePart.params);
    const { mode, buffers } = trainingMode(params, context);
    const tokens = { ids: inputs['ids'] as tf.Tensor, mask: inputs['mask'] as tf.Tensor };
    const lossOf = (learned: Named): tf.Scalar => {
      const tree = unflattenParams(textPartOf(template) as never, { ...params, ...learned }) as DualEncoderParams;
      return distillationLoss(loss, model.projectTexts(tree, tokens, mode), inputs['target'] as tf.Tensor2D);
    };
    const { [logScaleName]: logScale, ...texts } = learnedOf(model, params);
    const { value, gradients } = valueAndGradients(lossOf, texts);
    const resting = { [logScaleName]: tf.zerosLike(logScale as tf.Tensor) };
    const updated = updateParameters(state, { ...gradients, ...resting }, inputs, train);
    return {
      state: { ...state, ...updated.state, ...withPrefix(buffers, statePart.params) },
      outputs: { loss: value, gradientNorm: updated.outputs['gradientNorm'] as tf.Tensor },
    };
  };
}

/** The parameters that a text passes through. */
const textPartOf = ({ textTower, textHead }: DualEncoderParams): object => ({ textTower, textHead });
