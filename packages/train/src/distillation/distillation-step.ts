import { mixSeed } from '@azclip/base';
import { distillationLoss } from '@azclip/loss';
import { unflattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FitConfig } from '../config.ts';
import type { DistillationSection } from './config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';
import type { UpdateRates } from '../optimizer/update-rule.ts';
import { summing, type Communicator } from '../parallel/communicator.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import type { StepFunction, StepRunner } from '../step/step-runner.ts';
import { learnedOf, statePart, withoutPrefix, withPrefix, type Named } from '../step/train-state.ts';
import { valueAndGradients } from '../step/train-step.ts';
import { trainingMode } from '../step/training-mode.ts';

/** The entries of the contrastive state that are the distillation's too: the text side. */
const ofDistillation = /^(?:params|first|second|average)\.(?:textTower|textHead)\./u;

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

/** One step of distillation as a pure function: the text tower on captions, the loss against the teacher's features, its
 * gradients. Inputs: `ids`, `mask`, `target`. Output: the scalar `loss`.
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
    const { value, gradients } = valueAndGradients(lossOf, learnedOf(model, params));
    return {
      state: { ...state, ...withPrefix(buffers, statePart.params) },
      outputs: { loss: value },
      update: { gradients, rule: train },
    };
  };
}

/** One optimizer step of a distillation. The loss is a mean over rows, so the mean over ranks with as many rows each is that of the whole
 * batch, and so are its gradients.
 * @param tensors - inputs of the step, this rank's rows.  @param seed - of the step; the same on all ranks. */
export async function distil(
  runner: StepRunner,
  tensors: HostTensors,
  rates: UpdateRates,
  { seed, ranks }: { readonly seed: number; readonly ranks?: Communicator | undefined },
): Promise<{ readonly loss: number; readonly gradientNorm: number }> {
  const outputs = await runner.gradients(tensors, ranks ? mixSeed(seed, ranks.rank) : seed);
  const loss = Float32Array.of(outputs['loss']?.data[0] ?? NaN);
  ranks?.sum(loss);
  const mean = ranks && { gradientScale: 1 / ranks.size, exchange: summing(ranks) };
  const { gradientNorm } = await runner.update(rates, mean);
  return { loss: (loss[0] as number) / (ranks?.size ?? 1), gradientNorm };
}

/** The parameters that a text passes through. */
const textPartOf = ({ textTower, textHead }: DualEncoderParams): object => ({ textTower, textHead });
