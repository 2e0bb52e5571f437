import { clampLogScale, logitScale } from '@azclip/loss';
import * as tf from '@tensorflow/tfjs';

import { logScaleName, statePart, withoutPrefix, withPrefix, type Named } from './train-state.ts';
import { adamw } from '../optimizer/adamw.ts';
import { clipGradients } from '../optimizer/clip-gradients.ts';
import { layerwiseDecay } from '../optimizer/layerwise-decay.ts';
import { movingAverage } from '../optimizer/moving-average.ts';
import type { UpdateRule } from '../optimizer/update-rule.ts';

/** The end of a step on backends without kernels of WebAssembly: clips the gradients together, moves what they belong to by AdamW, keeps the temperature in bounds.
 * @param gradients - by the names of the parameters that learn.
 * @param inputs - the scalars `learningRate` and `step` (1-based).
 * @returns the new parameters and moments as entries of the state, and the outputs `gradientNorm` and `logitScale`. */
export function updateParameters(
  state: Named,
  gradients: Named,
  inputs: Named,
  { gradientClip, beta1, beta2, weightDecay, layerDecay = 1, averageDecay: keep }: UpdateRule,
): { readonly state: Named; readonly outputs: Named } {
  const params = withoutPrefix(state, statePart.params);
  const learned = Object.fromEntries(Object.keys(gradients).map((name) => [name, params[name] as tf.Tensor]));
  const { gradients: clipped, norm } = clipGradients(gradients, gradientClip);
  const before = { first: withoutPrefix(state, statePart.first), second: withoutPrefix(state, statePart.second) };
  const { params: moved, moments } = adamw(learned, clipped, before, {
    learningRate: inputs['learningRate'] as tf.Scalar,
    step: inputs['step'] as tf.Scalar,
    beta1,
    beta2,
    weightDecay,
    learningRateScale: layerwiseDecay(Object.keys(learned), layerDecay),
  });
  const logScale = moved[logScaleName] as tf.Scalar | undefined;
  const next = logScale ? { ...moved, [logScaleName]: clampLogScale(logScale) } : moved;
  const averages = withoutPrefix(state, statePart.average);
  const averaged = keep === undefined ? {} : movingAverage(averages, next, warmedUp(keep, inputs['step'] as tf.Scalar));
  return {
    state: {
      ...withPrefix(next, statePart.params),
      ...withPrefix(moments.first, statePart.first),
      ...withPrefix(moments.second, statePart.second),
      ...withPrefix(averaged, statePart.average),
    },
    outputs: { gradientNorm: norm, ...(logScale && { logitScale: logitScale(logScale) }) },
  };
}

/** The decay of the average at a step, 1-based: step / (9 + step), at most `keep`, so that it does not cling to the start. */
const warmedUp = (keep: number, step: tf.Scalar): tf.Scalar =>
  tf.minimum<tf.Scalar>(keep, tf.div(step, tf.add(step, 9)));
