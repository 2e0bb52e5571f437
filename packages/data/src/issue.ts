import { InputError } from '@azclip/base';

/** What was wrong with one item of a data set. */
export interface DataIssue {
  readonly kind: 'corrupt-image' | 'missing-image' | 'no-captions' | 'empty-caption' | 'malformed';
  /** `path` or `file:line` of the item. */
  readonly place: string;
  /** One sentence: what was expected and what came. */
  readonly message: string;
}

/** What to do with a wrong item: stop with an error, or report it and go on without it. */
export type IssuePolicy = 'fail' | 'skip';

/** Hears of every item that was passed over. */
export type OnIssue = (issue: DataIssue) => void;

/** A wrong item, fatal under the policy `fail`. */
export class DataError extends InputError {
  override readonly name: string = 'DataError';
  /** The item and its fault. */
  readonly issue: DataIssue;

  constructor(issue: DataIssue) {
    super(`${issue.place}: ${issue.message}`);
    this.issue = issue;
  }
}

/** Reports `issue` where the policy is `skip`.
 * @throws {DataError} where it is `fail`. */
export function raiseIssue(issue: DataIssue, policy: IssuePolicy, onIssue: OnIssue | undefined): void {
  if (policy === 'fail') throw new DataError(issue);
  onIssue?.(issue);
}
