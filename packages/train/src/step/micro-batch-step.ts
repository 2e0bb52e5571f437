import { contrastiveLoss, type LossParams } from '@azclip/loss';
import { unflattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { featureMeasures } from './feature-measures.ts';
import type { StepContext, StepFunction } from './step-runner.ts';
import { learnedOf, statePart, withoutPrefix, withPrefix, type Named } from './train-state.ts';
import { valueAndGradients } from './train-step.ts';
import { trainingMode } from './training-mode.ts';
import type { FitConfig } from '../config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';

type Result = ReturnType<StepFunction>;

interface Parts {
  readonly model: DualEncoder;
  readonly template: DualEncoderParams;
  readonly config: Pick<FitConfig, 'train' | 'loss'>;
  readonly rank: number;
}

/** One step over a batch too big for one pass, exact: the features of all micro-batches first, the loss and its gradient by
 * the features over the whole batch, then the gradients of the parameters micro-batch by micro-batch, through the same
 * dropout masks. It needs the memory of one micro-batch; {@link runMicroBatches} leads it through its phases.
 *
 * The phases are told apart by their inputs: tokens and images alone are encoded; `imageFeatures` and `textFeatures` give
 * the loss and its own gradients; tokens and images with `imageGradient` and `textGradient` give those of the towers. Equal
 * to one pass over the whole batch for networks without batch norm, whose statistics are those of a micro-batch here.
 * @param rank - of this process where several compute the same loss: its own gradients are summed over all, so rank 0 alone
 * gives them.
 * @see Gao, Zhang, Han, Callan 2021, section 3.2 (GradCache) — https://arxiv.org/abs/2101.06983 */
export function createMicroBatchStep(
  model: DualEncoder,
  template: DualEncoderParams,
  config: Pick<FitConfig, 'train' | 'loss'>,
  rank = 0,
): StepFunction {
  const parts = { model, template, config, rank };
  return (state, inputs, context) => {
    if ('imageFeatures' in inputs) return lossPhase(parts, state, inputs);
    return 'imageGradient' in inputs
      ? gradientPhase(parts, state, inputs, context)
      : featurePhase(parts, state, inputs, context);
  };
}

function encode({ model, template }: Parts, params: Named, inputs: Named, context: StepContext, learned: Named = {}) {
  const { mode, buffers } = trainingMode(params, context);
  const tree = unflattenParams(template as never, { ...params, ...learned }) as DualEncoderParams;
  const tokens = { ids: inputs['ids'] as tf.Tensor, mask: inputs['mask'] as tf.Tensor };
  const imageFeatures = model.encodeImages(tree, inputs['images'] as tf.Tensor, mode);
  return { imageFeatures, textFeatures: model.encodeTexts(tree, tokens, mode), buffers };
}

function featurePhase(parts: Parts, state: Named, inputs: Named, context: StepContext): Result {
  const { buffers, ...features } = encode(parts, withoutPrefix(state, statePart.params), inputs, context);
  return { state: { ...state, ...withPrefix(buffers, statePart.params) }, outputs: features };
}

function lossPhase(
  { config, rank }: Parts,
  state: Named,
  { imageFeatures, textFeatures, matches, weights }: Named,
): Result {
  const lossParams = withoutPrefix(withoutPrefix(state, statePart.params), 'loss.');
  const at = { imageFeatures: imageFeatures as tf.Tensor, textFeatures: textFeatures as tf.Tensor, ...lossParams };
  const { value, gradients } = valueAndGradients(({ imageFeatures: images, textFeatures: texts, ...params }) => {
    const batch = {
      images: images as tf.Tensor2D,
      texts: texts as tf.Tensor2D,
      matches: matches as tf.Tensor2D,
      weights: weights as tf.Tensor1D | undefined,
    };
    return contrastiveLoss(config.loss, params as unknown as LossParams, batch);
  }, at);
  const { imageFeatures: imageGradient, textFeatures: textGradient, ...ofLoss } = gradients;
  const ofFeatures = { imageGradient: imageGradient as tf.Tensor, textGradient: textGradient as tf.Tensor };
  const measures = featureMeasures(imageFeatures as tf.Tensor2D, textFeatures as tf.Tensor2D);
  return {
    state,
    outputs: { loss: value, ...measures, ...ofFeatures },
    update: { gradients: withPrefix(rank === 0 ? ofLoss : zerosOf(ofLoss), 'loss.'), rule: config.train },
  };
}

const zerosOf = (named: Named): Named =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.zerosLike(tensor)]));

/** The gradient of Σ features ⊙ gradient-by-features is that of the loss, by the chain rule. */
function gradientPhase(parts: Parts, state: Named, inputs: Named, context: StepContext): Result {
  const params = withoutPrefix(state, statePart.params);
  const learned = Object.entries(learnedOf(parts.model, params)).filter(([name]) => !name.startsWith('loss.'));
  const { gradients } = valueAndGradients((towers) => {
    const { imageFeatures, textFeatures } = encode(parts, params, inputs, context, towers);
    const ofImages = tf.sum(tf.mul(imageFeatures, inputs['imageGradient'] as tf.Tensor));
    return tf.add<tf.Scalar>(ofImages, tf.sum(tf.mul(textFeatures, inputs['textGradient'] as tf.Tensor)));
  }, Object.fromEntries(learned));
  return { state, outputs: {}, update: { gradients, rule: parts.config.train } };
}
