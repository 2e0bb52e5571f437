import type * as tf from '@tensorflow/tfjs';

import type { Value } from '../graph/graph.ts';
import { clip, greaterEqual, mul, unary, where } from '../operators/elementwise.ts';

/** The activation of a fused kernel.
 * @throws {RangeError} for one that TF.js does not have. */
export function fusedActivation(
  x: Value,
  activation: tf.fused.Activation | null | undefined,
  preluWeights?: Value,
  leakyAlpha = 0.2,
): Value {
  if (!activation || activation === 'linear') return x;
  if (activation === 'relu') return unary('Relu', x);
  if (activation === 'relu6') return clip(x, 0, 6);
  if (activation === 'elu') return unary('Elu', x);
  if (activation === 'sigmoid') return unary('Sigmoid', x);
  if (activation === 'leakyrelu') return unary('LeakyRelu', x, { alpha: { float: leakyAlpha } });
  if (preluWeights) return where(greaterEqual(x, 0), x, mul(x, preluWeights));
  throw new RangeError(`activation: expected one of TF.js, got "${activation}"`);
}
