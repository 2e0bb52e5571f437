/** A repository of models on the hub at a revision. */
export interface HubId {
  /** `owner/name`, or the bare name of an old repository. */
  readonly id: string;
  /** Branch, tag or commit; `main` unless told. */
  readonly revision: string;
}

const pattern = /^(?<id>[\w][\w.-]*(?:\/[\w][\w.-]*)?)(?:@(?<revision>[\w][\w./-]*))?$/u;

/** Reads `id` or `id@revision`.
 * @returns undefined if `text` is neither. */
export function parseHubId(text: string): HubId | undefined {
  const { id, revision = 'main' } = pattern.exec(text)?.groups ?? {};
  return id === undefined || text.includes('..') ? undefined : { id, revision };
}
