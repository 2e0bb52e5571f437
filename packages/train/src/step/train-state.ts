import { flattenParams, isBuffer, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { HostTensors } from './host-tensors.ts';
import type { ScheduleConfig } from '../config.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';

/** Tensors by name. */
export type Named = Record<string, tf.Tensor>;

/** The parts of a training state, each a prefix of the names in it; gradients are kept between pass and update only, in no
 * checkpoint. */
export const statePart = {
  params: 'params.',
  first: 'first.',
  second: 'second.',
  gradients: 'gradients.',
  average: 'average.',
} as const;

/** Name of the logarithm of the logit scale among the parameters. */
export const logScaleName = 'loss.logScale';

/** The state before the first step: the parameters, zero moments for those that learn, and what the config asks for
 * beside them: a moving average of what learns. */
export function initialTrainState(model: DualEncoder, params: DualEncoderParams, train: ScheduleConfig): Named {
  const named = flattenParams(params as unknown as ParamTree);
  const learned = learnedOf(model, named);
  const zeros = (): Named =>
    Object.fromEntries(Object.entries(learned).map(([name, tensor]) => [name, tf.zerosLike(tensor)]));
  return {
    ...withPrefix(named, statePart.params),
    ...withPrefix(zeros(), statePart.first),
    ...withPrefix(zeros(), statePart.second),
    ...(train.averageDecay === undefined ? {} : withPrefix(learned, statePart.average)),
  };
}

/** The parameters in a state of training, by their own names: those to score and export, averaged where the config says. */
export const parametersOf = (state: HostTensors): HostTensors => ({
  ...withoutPrefix(state, statePart.params),
  ...withoutPrefix(state, statePart.average),
});

/** Those of `params` that the optimizer moves: neither buffers nor what a tower keeps frozen. */
export function learnedOf(model: DualEncoder, params: Named): Named {
  const frozen = (name: string): boolean => {
    const [part, inside] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
    if (part === 'imageTower') return model.imageTower.isFrozen(inside);
    return part === 'textTower' && model.textTower.isFrozen(inside);
  };
  return Object.fromEntries(Object.entries(params).filter(([name]) => !isBuffer(name) && !frozen(name)));
}

/** The same tensors under longer names. */
export const withPrefix = (named: Named, prefix: string): Named =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [prefix + name, tensor]));

/** What stands under `prefix`, by the rest of the names. */
export const withoutPrefix = <T>(named: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
