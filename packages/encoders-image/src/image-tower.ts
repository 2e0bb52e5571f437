import type { Random } from '@azclip/base';
import type { ImagePreprocessing } from '@azclip/data';
import type { Mode, ParamTree } from '@azclip/nn';
import type * as tf from '@tensorflow/tfjs';

/** The cells of a feature map that a tower keeps, row by row, in its features. */
export interface FeatureGrid {
  readonly rows: number;
  readonly columns: number;
  /** Features of one cell; `featureDim` is rows · columns · channels. */
  readonly channels: number;
}

/** A network from pixels to features. Plain functions over plain parameters: it holds no state and knows no device. */
export interface ImageTower {
  /** The name that configs use, such as `resnet50`. */
  readonly name: string;
  /** Number of features of one image. */
  readonly featureDim: number;
  /** What turns an image file into the pixels that `apply` takes. */
  readonly preprocessing: ImagePreprocessing;
  /** How the features lie on the image where position survives; undefined after global pooling. */
  readonly grid: FeatureGrid | undefined;
  /** Hash of weights and form where every parameter is fixed, so that features depend on the pixels alone and may be
   * cached; undefined for a tower that learns. */
  readonly fingerprint: string | undefined;
  /** Fresh parameters, or the stored ones of a frozen tower; the caller owns them. */
  init(random: Random): ParamTree;
  /** Whether the parameter of this dotted name is kept as it is while training. */
  isFrozen(paramName: string): boolean;
  /** @param pixels - [batch, size, size, 3], normalised as `preprocessing` says.  @returns [batch, featureDim]. */
  apply(params: ParamTree, pixels: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** Frees what the tower holds beside its parameters: the weights of a loaded model. It cannot be applied any more. */
  dispose(): void;
}
