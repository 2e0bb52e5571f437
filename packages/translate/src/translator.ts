/** One caption on its way into another language. */
export interface Caption {
  /** Names the caption in reports and output, for example `1000268201_693b08cb0e.jpg#0`. */
  readonly id: string;
  readonly text: string;
}

/** What a provider says about one text. */
export interface Answer {
  readonly text: string;
  /** Mean log-probability a token, nats, ≤ 0; absent where the provider has none. */
  readonly score?: number;
}

/** From where to where, as ISO 639-1 codes of language files (`en`, `az`); providers take their own codes from them. */
export interface LanguagePair {
  readonly source: string;
  readonly target: string;
}

/** Something that translates one batch: a model in this process, a server, a table of known pairs. Decorators
 * (`withRetry`, `withRateLimit`, `chainProviders`) wrap one into another. */
export interface TranslationProvider {
  /** Names whatever decides the answers: it is part of the key under which answers are kept. */
  readonly model: string;
  /** Tokens that `text` costs; an estimate where the provider's tokenizer is out of reach. */
  countTokens(text: string): number;
  /** Answers each text in its place; `undefined` says that this provider has no answer.
   * @param signal - aborted: no further request is begun; one that is under way is finished.
   * @throws {ProviderError} saying whether waiting, another batch, or nothing at all would help. */
  translate(texts: readonly string[], signal?: AbortSignal): Promise<readonly (Answer | undefined)[]>;
  /** Frees what the provider holds. */
  dispose?(): Promise<void>;
}

/** A translated caption. */
export interface Translated extends Caption {
  readonly translation: string;
  readonly score?: number;
  /** True where the answer was already kept and nothing was asked. */
  readonly cached: boolean;
}

/** A caption that got no translation; it is not kept, so that the next run asks again. */
export interface Untranslated extends Caption {
  readonly translation?: undefined;
  readonly reason: string;
}

/** What became of one caption. */
export type Outcome = Translated | Untranslated;

/** Captions in, outcomes out, in the same order and in flat memory.
 * @see createTranslator */
export interface Translator {
  readonly model: string;
  /** Translates captions, in no fixed order, as the provider answers.
   * @param signal - aborted: nothing new is begun, what is under way is finished and kept, then the stream throws the
   * signal's reason. */
  translate(captions: AsyncIterable<Caption> | Iterable<Caption>, signal?: AbortSignal): AsyncGenerator<Outcome>;
}
