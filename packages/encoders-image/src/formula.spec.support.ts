import type { Random } from '@azclip/base';
import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import type { KeyMap } from '@azclip/weights';
import { formulaWeights } from '@azclip/weights/formula';
import * as tf from '@tensorflow/tfjs';

/** Chance that is none: for parameters that are overwritten. */
export const zeros: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => zeros };

/** Parameters whose values the formula gives, by the names that `map` says they have in the library.
 * @param keys - names and shapes of the library's state dict; each must be known, and each of ours among them. */
export function filledByFormula(
  init: (random: Random) => ParamTree,
  map: KeyMap,
  keys: Readonly<Record<string, readonly number[]>>,
): ParamTree {
  const form = init(zeros);
  const shapes = Object.fromEntries(Object.entries(flattenParams(form)).map(([name, { shape }]) => [name, shape]));
  tf.dispose(flattenParams(form));
  const filled: Record<string, tf.Tensor> = {};
  for (const { name, shape, data } of formulaWeights(map, keys, shapes)) filled[name] = tf.tensor(data, [...shape]);
  return unflattenParams(form, filled);
}
