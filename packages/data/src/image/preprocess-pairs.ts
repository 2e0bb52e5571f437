import type { ImagePreprocessing } from '../config.ts';
import { raiseIssue, type IssuePolicy, type OnIssue } from '../issue.ts';
import type { Pair } from '../pair.ts';
import { CorruptImageError } from './decode-with-libvips.ts';
import { preprocessImage } from './preprocess-image.ts';

/** A pair with the input that a tower takes of its image. */
export interface PreprocessedPair {
  readonly pair: Pair;
  /** [size, size, 3], normalised. */
  readonly pixels: Float32Array;
}

/** What to do with corrupt images, and how far to work ahead. */
export interface PreprocessPairsOptions {
  readonly onCorrupt: IssuePolicy;
  readonly onIssue?: OnIssue;
  /** Images decoded at the same time; default 4. */
  readonly concurrency?: number;
}

/** Preprocesses the images of pairs in order, several at a time.
 * @throws {DataError} at the first corrupt image under `onCorrupt: fail`. */
export async function* preprocessPairs(
  pairs: AsyncIterable<Pair> | Iterable<Pair>,
  preprocessing: ImagePreprocessing,
  { onCorrupt, onIssue, concurrency = 4 }: PreprocessPairsOptions,
): AsyncGenerator<PreprocessedPair> {
  const waiting: Promise<PreprocessedPair | CorruptImageError>[] = [];
  const next = async (): Promise<PreprocessedPair | undefined> => {
    const result = await waiting.shift();
    if (!(result instanceof CorruptImageError)) return result;
    raiseIssue(result.issue, onCorrupt, onIssue);
    return undefined;
  };
  for await (const pair of pairs) {
    waiting.push(preprocessPair(pair, preprocessing));
    if (waiting.length < concurrency) continue;
    const done = await next();
    if (done) yield done;
  }
  while (waiting.length > 0) {
    const done = await next();
    if (done) yield done;
  }
}

async function preprocessPair(
  pair: Pair,
  preprocessing: ImagePreprocessing,
): Promise<PreprocessedPair | CorruptImageError> {
  try {
    return { pair, pixels: await preprocessImage(pair.image, preprocessing) };
  } catch (error) {
    if (error instanceof CorruptImageError) return error;
    throw error;
  }
}
