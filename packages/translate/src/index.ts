export { captionsOf, type CaptionFile, type CaptionRow } from './caption-files/caption-file.ts';
export { openCaptionFile, type CaptionFileOptions } from './caption-files/open-caption-file.ts';
export { translateConfig, type TranslateConfig } from './config.ts';
export { judgeFile, type JudgeFileOptions, type LedgerSummary } from './job/judge-file.ts';
export { translateFile, type TranslateFileOptions, type TranslateReport } from './job/translate-file.ts';
export { systemClock, type Clock } from './job/clock.ts';
export { batchByLength, batchConfig, type BatchConfig } from './job/batch-by-length.ts';
export { createTranslator, type TranslatorOptions } from './job/create-translator.ts';
export {
  estimateCost,
  priceConfig,
  type CostEstimate,
  type CostOptions,
  type PriceConfig,
} from './job/estimate-cost.ts';
export { estimateTokens } from './job/estimate-tokens.ts';
export { languageConfig, type Language } from './language/language-config.ts';
export { listLanguages, loadLanguage } from './language/load-language.ts';
export {
  measureLanguage,
  type LanguageReport,
  type MeasureLanguageOptions,
  type WordReport,
  type WordTokenizer,
} from './language/measure-language.ts';
export { chrF } from './ledger/chrf.ts';
export { learnLedger, type Ledger, type LedgerEntry, type SignalName } from './ledger/ledger.ts';
export type { LedgerLanguages, TranslationPair } from './ledger/prepared-pair.ts';
export { foldCase } from './ledger/words.ts';
export { chainProviders } from './providers/chain.ts';
export { createProvider, type ProviderOptions } from './providers/create-provider.ts';
export { libreTranslateProvider, type LibreTranslateOptions } from './providers/libretranslate.ts';
export { memoryProvider } from './providers/memory.ts';
export { openAiCompatibleProvider, type OpenAiCompatibleOptions } from './providers/openai-compatible.ts';
export { providerConfig, type ProviderConfig } from './providers/provider-config.ts';
export { ProviderError, type Remedy } from './providers/provider-error.ts';
export { rateLimitConfig, withRateLimit, type RateLimitConfig } from './providers/rate-limit.ts';
export { retryConfig, withRetry, type RetryConfig, type RetryOptions, type RetryReport } from './providers/retry.ts';
export {
  transformersProvider,
  type ModelDtype,
  type ModelFamily,
  type TransformersOptions,
} from './providers/transformers.ts';
export type { TranslationQuestion } from './store/translation-key.ts';
export { TranslationStore, type TranslationRecord } from './store/translation-store.ts';
export { TranslateError } from './translate-error.ts';
export type {
  Answer,
  Caption,
  LanguagePair,
  Outcome,
  Translated,
  TranslationProvider,
  Translator,
  Untranslated,
} from './translator.ts';
