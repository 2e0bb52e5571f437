import type { OnIssue } from '../issue.ts';

/** What every reader takes beside its configuration. */
export interface ReadOptions {
  /** Hears of every item that was passed over under the policy `skip`. */
  readonly onIssue?: OnIssue;
}
