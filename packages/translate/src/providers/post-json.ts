import { ProviderError, type Remedy } from './provider-error.ts';

/** Where and how to post. */
export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the whole answer has arrived. */
  readonly timeoutMs: number;
}

/** Posts JSON and reads JSON.
 * @throws {ProviderError} for every failure: 408, 425, 429, 5xx, a cut connection, a time-out and an answer that is not
 * JSON may pass with time; 400, 413 and 422 lay it to what was sent; any other status to the configuration. */
export async function postJson(url: string, body: unknown, options: PostOptions): Promise<unknown> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  let status = 0;
  let text: string;
  let headers: Headers;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      body: JSON.stringify(body),
      signal,
    });
    ({ status, headers } = response);
    text = await response.text();
  } catch (error) {
    throw new ProviderError(`${url}: ${failureOf(error, signal, options.timeoutMs)}`, 'later');
  }
  if (status < 200 || status > 299) {
    const said = text.replace(/\s+/gu, ' ').slice(0, 200);
    throw new ProviderError(
      `${url}: expected status 200, got ${String(status)} ${said}`,
      remedyOf(status),
      retryAfter(headers),
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProviderError(`${url}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`, 'later');
  }
}

function failureOf(error: unknown, timeout: AbortSignal, timeoutMs: number): string {
  if (timeout.aborted) return `expected an answer within ${String(timeoutMs)} ms, got none`;
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return `expected an answer, got ${cause?.code ?? cause?.message ?? String(error)}`;
}

function remedyOf(status: number): Remedy {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'later';
  return status === 400 || status === 413 || status === 422 ? 'caption' : 'never';
}

/** Seconds, or a date measured against the server's own clock.
 * @see RFC 9110, section 10.2.3 */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/u.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
