import { flattenParams, isBuffer, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { HostTensors } from './host-tensors.ts';
import type { DualEncoder, DualEncoderParams } from '../model/dual-encoder.ts';

/** Tensors by name. */
export type Named = Record<string, tf.Tensor>;

/** The parts of a training state, each a prefix of the names in it. */
export const statePart = { params: 'params.', first: 'first.', second: 'second.', gradients: 'gradients.' } as const;

/** Name of the logarithm of the logit scale among the parameters. */
export const logScaleName = 'loss.logScale';

/** The state before the first step: the parameters, and zero moments for those that learn; with `accumulate`, zeros to sum
 * gradients in as well. */
export function initialTrainState(model: DualEncoder, params: DualEncoderParams, accumulate: boolean): Named {
  const named = flattenParams(params as unknown as ParamTree);
  const zeros = (): Named =>
    Object.fromEntries(Object.entries(learnedOf(model, named)).map(([name, tensor]) => [name, tf.zerosLike(tensor)]));
  return {
    ...withPrefix(named, statePart.params),
    ...withPrefix(zeros(), statePart.first),
    ...withPrefix(zeros(), statePart.second),
    ...(accumulate ? withPrefix(zeros(), statePart.gradients) : {}),
  };
}

/** The parameters in a state of training, by their own names. */
export const parametersOf = (state: HostTensors): HostTensors => withoutPrefix(state, statePart.params);

/** Those of `params` that the optimizer moves: neither buffers nor what a tower keeps frozen. */
export function learnedOf(model: DualEncoder, params: Named): Named {
  const frozen = (name: string): boolean =>
    name.startsWith('imageTower.') && model.imageTower.isFrozen(name.slice('imageTower.'.length));
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
