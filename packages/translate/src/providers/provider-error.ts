import { InputError } from '@azclip/base';

/** What helps after a failure: `later` – the same request after a pause; `caption` – the request itself is at fault, so
 * its captions must be told apart; `never` – the configuration is at fault. */
export type Remedy = 'later' | 'caption' | 'never';

/** A provider did not answer. */
export class ProviderError extends InputError {
  override readonly name = 'ProviderError';
  readonly remedy: Remedy;
  /** How long the server asks to be left alone, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, remedy: Remedy, retryAfterMs?: number) {
    super(message);
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }
}
