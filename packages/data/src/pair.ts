/** Where the bytes of an image stand: in a file of its own; in `length` bytes of another file, such as a tar, from `start` on; in
 * memory. `pixels` is RGB, row by row, `width × height × 3` bytes. */
export type ImageSource =
  | { readonly path: string }
  | { readonly archive: string; readonly start: number; readonly length: number; readonly name: string }
  | { readonly bytes: Uint8Array; readonly name: string }
  | { readonly pixels: Uint8Array; readonly width: number; readonly height: number; readonly name: string };

/** One image with all its captions. */
export interface Pair {
  /** Unique within a data set; two captions of one id never meet in one batch. */
  readonly imageId: string;
  readonly image: ImageSource;
  /** At least one, none empty. */
  readonly captions: readonly string[];
  /** How much each caption counts in training, over 0 to 1; without them each counts 1. */
  readonly weights?: readonly number[];
  /** What the image looks like, as `formatHash` writes it, where that is known already. */
  readonly hash?: string;
}

/** The three parts of a data set: learn from, choose by, report once. */
export type Split = 'train' | 'dev' | 'test';

/** The path or name by which reports speak of an image. */
export function imageName(image: ImageSource): string {
  return 'path' in image ? image.path : image.name;
}
