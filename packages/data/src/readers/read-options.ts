import type { OnIssue } from '../issue.ts';

/** What every reader takes beside its configuration. */
export interface ReadOptions {
  /** Hears of every item that was passed over under the policy `skip`. */
  readonly onIssue?: OnIssue;
  /** Folder to which images are copied that cannot be read one by one where they stand, those of Parquet files and of tars over
   * HTTP, so that a list of pairs stays small. Without it such pairs carry their bytes, which is as good for who looks at one
   * after the other. */
  readonly imageCache?: string | undefined;
}
