import type { Caption } from '../translator.ts';

/** One record of a caption file: what stands together in it, and how to write it with other captions. */
export interface CaptionRow {
  readonly captions: readonly Caption[];
  /** The record with these captions in the places of its own, line end included; a caption that is `undefined` is left
   * out, and of a record without captions nothing remains. Of `weights`, one a caption, those of the captions that stay are
   * written beside them, where `takesWeights`. */
  readonly write: (captions: readonly (string | undefined)[], weights?: readonly number[]) => string;
}

/** A file of captions that can be read again and again, in flat memory. */
export interface CaptionFile {
  /** What a written file begins with. */
  readonly header: string;
  /** Whether a weight can stand beside a caption: in JSON Lines. */
  readonly takesWeights: boolean;
  /** Reads the captions from the first on. */
  rows(): AsyncGenerator<CaptionRow>;
}

/** The captions of a file, one after the other. */
export async function* captionsOf(file: CaptionFile): AsyncGenerator<Caption> {
  for await (const { captions } of file.rows()) yield* captions;
}
