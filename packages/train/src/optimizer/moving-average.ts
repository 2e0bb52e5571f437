import * as tf from '@tensorflow/tfjs';

type Named = Readonly<Record<string, tf.Tensor>>;

/** One step of the exponential moving average of parameters, which often scores better than the parameters themselves.
 * @param average - by name; the parameters themselves before the first step.  @param params - of the same names.
 * @param decay - what the average keeps of itself, in [0, 1): a number, or a scalar tensor where it changes with the step.
 * @returns the new average; the caller owns it.
 * @see Polyak, Juditsky 1992 — https://doi.org/10.1137/0330046 */
export function movingAverage(average: Named, params: Named, decay: number | tf.Scalar): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const fresh = tf.sub(1, decay);
    const next = Object.entries(average).map(([name, old]) => {
      const param = params[name];
      if (!param) throw new RangeError(`movingAverage: "${name}" is missing`);
      return [name, tf.add(old, tf.mul(tf.sub(param, old), fresh))] as const;
    });
    return Object.fromEntries(next);
  });
}

/** The decay of a step: (1 + step) / (10 + step), at most `decay`, so that an early average does not cling to the start.
 * @param step - 0-based. */
export const averageDecay = (step: number, decay: number): number => Math.min(decay, (1 + step) / (10 + step));
