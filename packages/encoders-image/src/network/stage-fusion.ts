import { InputError } from '@azclip/base';
import { globalAveragePool, initLinear, linear, type LinearParams, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { Network, Readout } from './network.ts';

/** Parameters of a fusion of stages. */
interface FusionParams {
  /** [stages + 1], before softmax: the readout's own features first, then one stage after the other. */
  readonly scores: tf.Tensor1D;
  /** channels of the stage → featureDim, one for each stage. */
  readonly maps: readonly LinearParams[];
}

/** A readout that adds, to the network's own features, the averages of the `count` stages before the last, each brought to
 * the same width by a linear map, weighted by a learned softmax that starts equal.
 * @throws {InputError} if the network has too few stages. */
export function fusedReadout({ stages, readout: base }: Network, count: number): Readout {
  const chosen = stages.slice(-1 - count, -1);
  if (chosen.length < count) {
    const most = String(stages.length - 1);
    throw new InputError(`multiResolution.count: expected at most ${most} stages, got ${String(count)}`);
  }
  return {
    ...base,
    init: (random) => {
      const maps = chosen.map(({ name, channels }) => initLinear(channels, base.featureDim, random.fork(name)));
      const fusion: FusionParams = { scores: tf.zeros([count + 1]), maps };
      return { ...(base.init(random) as Readonly<Record<string, ParamTree>>), fusion: fusion as unknown as ParamTree };
    },
    apply: (params, maps, mode) =>
      tf.tidy(() => {
        const { fusion } = params as unknown as { readonly fusion: FusionParams };
        const others = maps
          .slice(-1 - count, -1)
          .map((map, i) => linear(fusion.maps[i] as LinearParams, averageOf(map)));
        return weightedSum(fusion.scores, [base.apply(params, maps, mode), ...others]);
      }),
  };
}

/** Σ softmax(scores)ᵢ · rowsᵢ. @param rows - each [batch, dim]. */
export const weightedSum = (scores: tf.Tensor1D, rows: readonly tf.Tensor[]): tf.Tensor2D =>
  tf.tidy(() => {
    const weights = tf.reshape(tf.softmax(scores), [rows.length, 1, 1]);
    return tf.sum<tf.Tensor2D>(tf.mul(tf.stack([...rows]), weights), 0);
  });

/** The mean of each channel over places [batch, h, w, channels] or tokens [batch, tokens, channels]. */
const averageOf = (map: tf.Tensor): tf.Tensor =>
  map.rank === 4 ? globalAveragePool(map as tf.Tensor4D) : tf.mean(map, 1);
