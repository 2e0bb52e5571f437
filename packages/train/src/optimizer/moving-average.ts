import * as tf from '@tensorflow/tfjs';

type Named = Readonly<Record<string, tf.Tensor>>;

/** One step of the exponential moving average of parameters, which often scores better than the parameters themselves.
 * @param average - by name; the parameters themselves before the first step.  @param params - of the same names.
 * @param decay - what the average keeps of itself, in [0, 1).
 * @returns the new average; the caller owns it.
 * @see Polyak, Juditsky 1992 — https://doi.org/10.1137/0330046 */
export function movingAverage(average: Named, params: Named, decay: number): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const next = Object.entries(average).map(([name, old]) => {
      const param = params[name];
      if (!param) throw new RangeError(`movingAverage: "${name}" is missing`);
      return [name, tf.add(old, tf.mul(tf.sub(param, old), 1 - decay))] as const;
    });
    return Object.fromEntries(next);
  });
}

/** The decay of a step: step / (9 + step), at most `decay`, so that an early average does not cling to the start.
 * @param step - 1-based. */
export const averageDecay = (step: number, decay: number): number => Math.min(decay, step / (9 + step));
