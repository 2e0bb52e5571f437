import * as tf from '@tensorflow/tfjs';

import { decays } from './decays.ts';
import { defaultEpsilon } from './update-rule.ts';

type Named = Readonly<Record<string, tf.Tensor>>;

/** Running sums of the gradients and of their squares, by the names of the parameters; zeros before the first step. They are
 * the moments of the paper over 1 − β: without that factor each takes a pass less over memory, see decision 0052. */
export interface Moments {
  readonly first: Named;
  readonly second: Named;
}

/** What steers one AdamW step. */
export interface AdamwOptions {
  /** Scalar, float32; 0 leaves the parameters as they are. */
  readonly learningRate: tf.Scalar;
  /** Scalar, float32: 1 at the first step. */
  readonly step: tf.Scalar;
  /** Share that the first moment keeps in a step. */
  readonly beta1: number;
  /** Share that the second moment keeps in a step. */
  readonly beta2: number;
  /** Added to the root of the second moment; open_clip's 1e-6 unless told. */
  readonly epsilon?: number;
  /** Decoupled decay: a parameter that decays shrinks by learning rate · weightDecay a step. */
  readonly weightDecay: number;
  /** Which parameters decay; `decays` unless told. */
  readonly decays?: (name: string, param: tf.Tensor) => boolean;
  /** Factor of the learning rate of a parameter, 1 unless told: layer-wise decay. */
  readonly learningRateScale?: (name: string) => number;
}

/** One step of AdamW as a pure function of static shapes.
 * @param params - by name.  @param gradients - of the same names.
 * @returns new parameters and moments; the caller owns them.
 * @see Loshchilov, Hutter 2019, algorithm 2 — https://arxiv.org/abs/1711.05101 */
export function adamw(
  params: Named,
  gradients: Named,
  moments: Moments,
  options: AdamwOptions,
): {
  params: Record<string, tf.Tensor>;
  moments: { first: Record<string, tf.Tensor>; second: Record<string, tf.Tensor> };
} {
  return tf.tidy(() => {
    const first: Record<string, tf.Tensor> = {};
    const second: Record<string, tf.Tensor> = {};
    const updated: Record<string, tf.Tensor> = {};
    const move = mover(options);
    for (const [name, param] of Object.entries(params)) {
      const gradient = entry(gradients, name);
      const sum = tf.add(tf.mul(entry(moments.first, name), options.beta1), gradient);
      const squares = tf.add(tf.mul(entry(moments.second, name), options.beta2), tf.square(gradient));
      updated[name] = move(name, param, sum, squares);
      first[name] = sum;
      second[name] = squares;
    }
    return { params: updated, moments: { first, second } };
  });
}

/** Moves a parameter against its mean gradient, in units of the root mean square of its gradients. */
function mover(
  options: AdamwOptions,
): (name: string, param: tf.Tensor, sum: tf.Tensor, squares: tf.Tensor) => tf.Tensor {
  const { learningRate, step, beta1, beta2, epsilon = defaultEpsilon, weightDecay } = options;
  const decaying = options.decays ?? decays;
  // rate · mean / (√meanSquare + ε) in terms of the sums: all scalar factors are taken together, once for all parameters.
  const root = tf.sqrt(shareSeen(beta2, step));
  const floor = tf.mul(root, epsilon);
  const rate = tf.mul(learningRate, tf.div(root, shareSeen(beta1, step)));
  return (name, param, sum, squares) => {
    const scale = options.learningRateScale?.(name) ?? 1;
    const change = tf.div(tf.mul(sum, scaled(rate, scale)), tf.add(tf.sqrt(squares), floor));
    const shrinks = weightDecay !== 0 && decaying(name, param);
    const kept = shrinks ? tf.mul(param, tf.sub(1, scaled(learningRate, scale * weightDecay))) : param;
    return tf.sub(kept, change);
  };
}

/** (1 − βᵗ) / (1 − β): the sum of the weights that t steps have in a running sum, by which it becomes a mean. */
const shareSeen = (beta: number, step: tf.Scalar): tf.Scalar =>
  tf.div(tf.sub(1, tf.exp(tf.mul(step, Math.log(beta)))), 1 - beta);

const scaled = (rate: tf.Tensor, factor: number): tf.Tensor => (factor === 1 ? rate : tf.mul(rate, factor));

function entry(named: Named, name: string): tf.Tensor {
  const tensor = named[name];
  if (!tensor) throw new RangeError(`adamw: "${name}" is missing`);
  return tensor;
}
