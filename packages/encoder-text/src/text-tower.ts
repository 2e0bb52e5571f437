import type { Random } from '@azclip/base';
import type { Mode, ParamTree } from '@azclip/nn';
import type * as tf from '@tensorflow/tfjs';

/** Captions as a tower takes them. */
export interface TokenTensors {
  /** [batch, tokens], int32 piece ids. */
  readonly ids: tf.Tensor2D;
  /** [batch, tokens], float32: 1 where a piece stands, 0 where padding does. */
  readonly mask: tf.Tensor2D;
}

/** A network from tokens into features: a plain record of functions, its parameters live with the caller. */
export interface TextTower {
  /** The network's name in configs. */
  readonly name: string;
  /** Width of the features. */
  readonly featureDim: number;
  /** Most tokens a caption may have; longer ones are cut by the tokenizer. */
  readonly contextLength: number;
  /** Fresh parameters. */
  init(random: Random): ParamTree;
  /** Whether the parameter of this dotted name is kept as it is while training. */
  isFrozen(paramName: string): boolean;
  /** Tokens into features, by TF.js ops of static shape alone, so that the pass can be traced into a graph.
   * @returns [batch, featureDim]. */
  apply(params: ParamTree, tokens: TokenTensors, mode: Mode): tf.Tensor2D;
}
