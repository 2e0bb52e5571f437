import type * as tf from '@tensorflow/tfjs';

/** Gives the mask of one dropout: 1 with probability `keep`, else 0. @returns [...shape], float32. */
export type KeepMask = (shape: readonly number[], keep: number) => tf.Tensor;

/** Takes the running statistics that a batch norm has computed anew: `[channels]` each, by the buffer they replace. */
export type UpdateBuffer = (buffer: tf.Tensor, updated: tf.Tensor) => void;

/** How a forward pass runs. Training is an argument, never a hidden flag; chance and running statistics are values. */
export type Mode =
  | { readonly training: false }
  | { readonly training: true; readonly keepMask: KeepMask; readonly updateBuffer: UpdateBuffer };

/** The mode of serving and scoring: no dropout, stored statistics. */
export const evaluation: Mode = { training: false };
