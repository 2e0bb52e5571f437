import { InputError } from '@azclip/base';

/** Whether a location is one of the network. */
export const isUrl = (location: string): boolean => /^https?:/iu.test(location);

/** The answer to a request for a file. */
export interface UrlAnswer {
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> & { cancel(): Promise<void> };
}

/** Asks for a file over HTTP.
 * @throws {InputError} if there is no answer, or one without the file. */
export async function openUrl(location: string): Promise<UrlAnswer> {
  const { ok, status, headers, body } = await fetch(location).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new InputError(`${location}: expected an answer, got "${cause instanceof Error ? cause.message : message}"`);
  });
  if (ok && body) return { headers, body };
  await body?.cancel();
  throw new InputError(`${location}: expected status 200, got ${String(status)}`);
}
