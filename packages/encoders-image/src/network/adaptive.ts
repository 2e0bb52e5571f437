import { initLinear, linear, type LinearParams, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { Readout } from './network.ts';

/** Parameters of a gate: channels → reduced → channels. */
interface GateParams {
  readonly reduce: LinearParams;
  readonly expand: LinearParams;
}

/** The smallest inner width of a gate. */
const leastReduced = 8;

/** A readout whose features are scaled, channel by channel, by gates in 0 … 2 that their own means decide:
 * f ⊙ 2 · sigmoid(W₂ · relu(W₁ · f̄)). The gates start at 1, so that pretrained features begin as they are. This is
 * squeeze-and-excitation applied to the features instead of a map.
 * @see Hu et al. 2018, equation 3 — https://arxiv.org/abs/1709.01507 */
export function adaptiveReadout(base: Readout): Readout {
  const channels = base.grid?.channels ?? base.featureDim;
  return {
    ...base,
    init: (random) => {
      const reduced = Math.max(leastReduced, Math.round(channels / 16));
      const expand = { weight: tf.zeros<tf.Rank.R2>([reduced, channels]), bias: tf.zeros<tf.Rank.R1>([channels]) };
      const gate: GateParams = { reduce: initLinear(channels, reduced, random.fork('gate')), expand };
      return { ...(base.init(random) as Readonly<Record<string, ParamTree>>), gate: gate as unknown as ParamTree };
    },
    apply: (params, maps, mode) =>
      tf.tidy(() => {
        const { gate } = params as unknown as { readonly gate: GateParams };
        const features = base.apply(params, maps, mode);
        const cells = tf.reshape(features, [features.shape[0], -1, channels]); // [batch, cells, channels]
        const scores = linear(gate.expand, tf.relu(linear(gate.reduce, tf.mean(cells, 1)))); // [batch, channels]
        const gates = tf.mul(tf.sigmoid(tf.expandDims(scores, 1)), 2);
        return tf.reshape(tf.mul(cells, gates), features.shape);
      }),
  };
}
