import type { OnIssue, Pair } from '@azclip/data';

/** The images of a part as the model takes them, one row each. */
export interface ImageInputs {
  /** Shape of one row: [size, size, 3] pixels or [featureDim] features. */
  readonly rowShape: readonly number[];
  /** Row of `pair`'s image. @throws {DataError} if the image cannot be decoded. */
  rowOf(pair: Pair): Promise<Float32Array>;
}

/** What making image inputs may tell. */
export interface ImageInputsOptions {
  readonly onProgress?: (done: number) => void;
  readonly onIssue?: OnIssue;
}
