import { contrastiveLoss } from '@azclip/loss';
import { unflattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { featureMeasures } from './feature-measures.ts';
import type { StepFunction } from './step-runner.ts';
import { learnedOf, statePart, withoutPrefix, withPrefix, type Named } from './train-state.ts';
import { trainingMode } from './training-mode.ts';
import type { FitConfig } from '../config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';

/** One step of training as a pure function: forward, loss, gradients, running statistics. Clipping and AdamW are the
 * runner's. Inputs: `images`, `ids`, `mask`, `matches` where the loss asks for them, `weights` where
 * pairs have any. Outputs: the scalars `loss`, `alignment`, `uniformity`.
 * @param template - any parameters of the model: only their names and form count. */
export function createTrainStep(
  model: DualEncoder,
  template: DualEncoderParams,
  { train, loss }: Pick<FitConfig, 'train' | 'loss'>,
): StepFunction {
  return (state, inputs, context) => {
    const params = withoutPrefix(state, statePart.params);
    const { mode, buffers } = trainingMode(params, context);
    const measures: Named = {};
    const lossOf = (learned: Named): tf.Scalar => {
      const current = unflattenParams(template as never, { ...params, ...learned }) as DualEncoderParams;
      const tokens = { ids: inputs['ids'] as tf.Tensor, mask: inputs['mask'] as tf.Tensor };
      const images = model.encodeImages(current, inputs['images'] as tf.Tensor, mode);
      const texts = model.encodeTexts(current, tokens, mode);
      for (const [name, measure] of Object.entries(featureMeasures(images, texts))) measures[name] = tf.keep(measure);
      const matches = inputs['matches'] as tf.Tensor2D | undefined;
      const weights = inputs['weights'] as tf.Tensor1D | undefined;
      return contrastiveLoss(loss, current.loss, { images, texts, matches, weights });
    };
    const { value, gradients } = valueAndGradients(lossOf, learnedOf(model, params));
    return {
      state: { ...state, ...withPrefix(buffers, statePart.params) },
      outputs: { loss: value, ...measures },
      update: { gradients, rule: train },
    };
  };
}

/** A scalar function of named tensors, and its gradient by each of them: zeros where it does not depend on one, as a loss
 * without a temperature does not on `logScale`. */
export function valueAndGradients(
  fn: (named: Named) => tf.Scalar,
  at: Named,
): { readonly value: tf.Scalar; readonly gradients: Named } {
  const names = Object.keys(at);
  const byName = (tensors: readonly tf.Tensor[]): Named =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
  const tensors = Object.values(at);
  const { value, grads } = tf.engine().gradients(() => fn(byName(tensors)), tensors, undefined, true);
  const known = grads as readonly (tf.Tensor | null)[];
  return { value, gradients: byName(tensors.map((tensor, i) => known[i] ?? tf.zerosLike(tensor))) };
}
