import { clampLogScale, logitScale } from '@azclip/loss';
import * as tf from '@tensorflow/tfjs';

import { logScaleName, statePart, withoutPrefix, withPrefix, type Named } from './train-state.ts';
import { adamw } from '../optimizer/adamw.ts';
import { clipGradients } from '../optimizer/clip-gradients.ts';
import { layerwiseDecay } from '../optimizer/layerwise-decay.ts';
import { averageDecay, movingAverage } from '../optimizer/moving-average.ts';
import type { UpdateRates, UpdateRule } from '../optimizer/update-rule.ts';

/** The end of a step on backends without kernels of WebAssembly: clips the gradients together, moves what they belong to by
 * AdamW, keeps the temperature in bounds.
 * @param gradients - by the names of the parameters that learn.
 * @returns the new parameters and moments as entries of the state, and the outputs `gradientNorm` and `logitScale`. */
export function updateParameters(
  state: Named,
  gradients: Named,
  { learningRate, step }: UpdateRates,
  { gradientClip, beta1, beta2, weightDecay, layerDecay = 1, averageDecay: keep }: UpdateRule,
): { readonly state: Named; readonly outputs: Named } {
  const params = withoutPrefix(state, statePart.params);
  const learned = Object.fromEntries(Object.keys(gradients).map((name) => [name, params[name] as tf.Tensor]));
  const { gradients: clipped, norm } = clipGradients(gradients, gradientClip);
  const before = { first: withoutPrefix(state, statePart.first), second: withoutPrefix(state, statePart.second) };
  const { params: moved, moments } = adamw(learned, clipped, before, {
    learningRate: tf.scalar(learningRate),
    step: tf.scalar(step),
    beta1,
    beta2,
    weightDecay,
    learningRateScale: layerwiseDecay(Object.keys(learned), layerDecay),
  });
  const logScale = moved[logScaleName] as tf.Scalar | undefined;
  const next = logScale ? { ...moved, [logScaleName]: clampLogScale(logScale) } : moved;
  const averages = withoutPrefix(state, statePart.average);
  const averaged = keep === undefined ? {} : movingAverage(averages, next, averageDecay(step, keep));
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
