import type { Pair } from '@azclip/data';

import type { IssueReport, PreparationReport } from '../report.ts';

/** The images of a part as the model takes them, one row each. */
export interface ImageInputs {
  /** Shape of one row: [size, size, 3] pixels or [featureDim] features. */
  readonly rowShape: readonly number[];
  /** Row of `pair`'s image. @throws {DataError} if the image cannot be decoded. */
  readonly rowOf: (pair: Pair) => Promise<Float32Array>;
  /** Row of `pair`'s image in an epoch of training, where it is another from epoch to epoch. */
  readonly trainingRowOf?: (pair: Pair, epoch: number) => Promise<Float32Array>;
}

/** The images of a run as its tower takes them, and what was found wrong with some. */
export interface PreparedImages {
  readonly inputs: ImageInputs;
  /** Ids of images that cannot be decoded and are to be passed over. */
  readonly corrupt: ReadonlySet<string>;
}

/** Makes the images of a run ready and tells how far it has come. */
export type ImagePreparation = AsyncGenerator<PreparationReport | IssueReport, PreparedImages>;
