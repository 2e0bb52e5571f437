import { clampLogScale, contrastiveLoss, logitScale, type LossConfig } from '@azclip/loss';
import { flattenParams, isBuffer, unflattenParams, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { hostKeepMasks } from './keep-mask.ts';
import type { HostTensors } from './host-tensors.ts';
import type { StepFunction } from './step-runner.ts';
import type { FitConfig } from '../config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';
import { adamw } from '../optimizer/adamw.ts';
import { clipGradients } from '../optimizer/clip-gradients.ts';

type Named = Record<string, tf.Tensor>;

/** The state of training by name: `params.…`, and the moments of what learns, `first.…` and `second.…`. */
const paramsPrefix = 'params.';

/** Name of the logarithm of the logit scale among the parameters. */
export const logScaleName = 'loss.logScale';

/** One step of training as a pure function: forward, loss, gradients, clipping, AdamW, running statistics.
 * Inputs: `images`, `ids`, `mask`, `matches` where the loss asks for them, and the scalars `learningRate` and `step` (1-based).
 * Outputs: `loss`, `gradientNorm`, `logitScale`, scalars.
 * @param template - any parameters of the model: only their names and form count. */
export function createTrainStep(
  model: DualEncoder,
  template: DualEncoderParams,
  { train: schedule, loss }: Pick<FitConfig, 'train' | 'loss'>,
): StepFunction {
  return (state, inputs, context) => {
    const params = withoutPrefix(state, paramsPrefix);
    const learned = Object.fromEntries(Object.entries(params).filter(([name]) => learns(model, name)));
    const buffers: Named = {};
    const mode: Mode = {
      training: true,
      keepMask: hostKeepMasks(context),
      updateBuffer: (buffer, updated) => {
        buffers[nameOf(params, buffer)] = tf.keep(updated);
      },
    };
    const names = Object.keys(learned);
    const { value, grads } = tf.valueAndGrads((...tensors) => {
      const current = { ...params, ...Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor])) };
      return lossOf(model, loss, unflattenParams(template as never, current), inputs, mode);
    })(Object.values(learned));
    const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor]));
    const { gradients: clipped, norm } = clipGradients(gradients, schedule.gradientClip);
    const moments = { first: withoutPrefix(state, 'first.'), second: withoutPrefix(state, 'second.') };
    const updated = adamw(learned, clipped, moments, {
      learningRate: inputs['learningRate'] as tf.Scalar,
      step: inputs['step'] as tf.Scalar,
      beta1: schedule.beta1,
      beta2: schedule.beta2,
      weightDecay: schedule.weightDecay,
    });
    const logScale = clampLogScale(updated.params[logScaleName] as tf.Scalar);
    return {
      state: {
        ...withPrefix({ ...params, ...updated.params, ...buffers, [logScaleName]: logScale }, paramsPrefix),
        ...withPrefix(updated.moments.first, 'first.'),
        ...withPrefix(updated.moments.second, 'second.'),
      },
      outputs: { loss: value, gradientNorm: norm, logitScale: logitScale(logScale) },
    };
  };
}

/** The state before the first step: the parameters, and moments of zero for those that learn. */
export function initialTrainState(model: DualEncoder, params: DualEncoderParams): Named {
  const named = flattenParams(params as unknown as ParamTree);
  const zeros = (): Named =>
    Object.fromEntries(
      Object.entries(named)
        .filter(([name]) => learns(model, name))
        .map(([name, tensor]) => [name, tf.zerosLike(tensor)]),
    );
  return { ...withPrefix(named, paramsPrefix), ...withPrefix(zeros(), 'first.'), ...withPrefix(zeros(), 'second.') };
}

/** The parameters in a state of training, by their own names. */
export const parametersOf = (state: HostTensors): HostTensors => withoutPrefix(state, paramsPrefix);

/** Whether the optimizer moves the parameter called `name`. */
function learns(model: DualEncoder, name: string): boolean {
  if (isBuffer(name)) return false;
  return !(name.startsWith('imageTower.') && model.imageTower.isFrozen(name.slice('imageTower.'.length)));
}

function lossOf(
  model: DualEncoder,
  config: LossConfig,
  params: DualEncoderParams,
  inputs: Named,
  mode: Mode,
): tf.Scalar {
  const tokens = { ids: inputs['ids'] as tf.Tensor2D, mask: inputs['mask'] as tf.Tensor2D };
  return contrastiveLoss(config, params.loss, {
    images: model.encodeImages(params, inputs['images'] as tf.Tensor, mode),
    texts: model.encodeTexts(params, tokens, mode),
    matches: inputs['matches'] as tf.Tensor2D | undefined,
  });
}

const withPrefix = (named: Named, prefix: string): Named =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [prefix + name, tensor]));

const withoutPrefix = <T>(named: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

function nameOf(params: Named, buffer: tf.Tensor): string {
  const found = Object.keys(params).find((name) => params[name] === buffer);
  if (found === undefined) throw new RangeError('updateBuffer: the buffer is no parameter of this model');
  return found;
}
