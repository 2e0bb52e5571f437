import type { Random } from '@azclip/base';
import type { Mode, ParamTree } from '@azclip/nn';
import type * as tf from '@tensorflow/tfjs';

import type { FeatureGrid } from '../image-tower.ts';

/** A part of a network, one after the other from the pixels on; networks are frozen by whole stages. */
export interface Stage {
  /** First part of the names of its parameters. */
  readonly name: string;
  /** Channels of its output. */
  readonly channels: number;
  /** Fresh parameters; the caller owns them. */
  init(random: Random): ParamTree;
  /** Runs the stage. @param x - the output of the stage before; pixels for the first. */
  apply(params: ParamTree, x: tf.Tensor, mode: Mode): tf.Tensor;
}

/** What makes features of the stages' outputs. */
export interface Readout {
  readonly featureDim: number;
  /** How the features lie on the image, where position survives. */
  readonly grid: FeatureGrid | undefined;
  /** Fresh parameters; the caller owns them. */
  init(random: Random): ParamTree;
  /** Makes features. @param maps - the output of every stage, in their order.  @returns [batch, featureDim]. */
  apply(params: ParamTree, maps: readonly tf.Tensor[], mode: Mode): tf.Tensor2D;
}

/** An image network: stages in a row, then the readout. Its parameters are a record by stage name, and `head`. */
export interface Network {
  readonly stages: readonly Stage[];
  readonly readout: Readout;
}

/** The functions of a part whose parameters are a record of a known form. */
export interface Part<P, X, Y> {
  readonly init: (random: Random) => P;
  readonly apply: (params: P, x: X, mode: Mode) => Y;
}

/** Makes a stage of typed functions. Here alone the typed record becomes the untyped tree that optimizers walk. */
export const stage = <P, X extends tf.Tensor>(
  name: string,
  channels: number,
  { init, apply }: Part<P, X, tf.Tensor>,
): Stage => ({
  name,
  channels,
  init: (random) => init(random) as unknown as ParamTree,
  apply: (params, x, mode) => apply(params as unknown as P, x as X, mode),
});

/** Makes a readout of the last stage's output by typed functions. */
export const readout = <P, X extends tf.Tensor>(
  size: Pick<Readout, 'featureDim' | 'grid'>,
  { init, apply }: Part<P, X, tf.Tensor2D>,
): Readout => ({
  ...size,
  init: (random) => init(random) as unknown as ParamTree,
  apply: (params, maps, mode) => apply(params as unknown as P, maps[maps.length - 1] as X, mode),
});
