import type { Random } from '@azclip/base';

import type { Clock } from '../job/clock.ts';
import type { Language } from '../language/language-config.ts';
import { TranslateError } from '../translate-error.ts';
import type { TranslationProvider } from '../translator.ts';
import { chainProviders } from './chain.ts';
import { libreTranslateProvider } from './libretranslate.ts';
import { memoryProvider } from './memory.ts';
import { openAiCompatibleProvider } from './openai-compatible.ts';
import type { ProviderConfig } from './provider-config.ts';
import { withRateLimit } from './rate-limit.ts';
import { withRetry, type RetryReport } from './retry.ts';
import { transformersProvider, type ModelFamily } from './transformers.ts';

/** What providers need beside their configuration. */
export interface ProviderOptions {
  readonly source: Language;
  readonly target: Language;
  /** The jitter of repeated requests. */
  readonly random: Random;
  readonly clock?: Clock;
  /** Finds the key that a configuration names by `apiKeyName`: applications look into their environment. */
  readonly apiKey?: (name: string) => string | undefined;
  /** Hears of every request that is repeated. */
  readonly onRetry?: ((report: RetryReport) => void) | undefined;
}

type Config<Kind extends ProviderConfig['provider']> = Extract<ProviderConfig, { provider: Kind }>;

/** Makes the provider that a configuration describes, its rate limit and patience included.
 * @throws {TranslateError} if a language has no code for it, a file or model is not there, or a key is not known. */
export async function createProvider(config: ProviderConfig, options: ProviderOptions): Promise<TranslationProvider> {
  switch (config.provider) {
    case 'memory':
      return memoryProvider(config.path);
    case 'transformers':
      return createTransformers(config, options);
    case 'libretranslate':
      return throughNetwork(createLibreTranslate(config, options), config, options);
    case 'openai-compatible':
      return throughNetwork(createOpenAiCompatible(config, options), config, options);
    case 'chain': {
      const providers: TranslationProvider[] = [];
      for (const member of config.providers) providers.push(await createProvider(member, options));
      return chainProviders(providers);
    }
  }
}

function createTransformers(
  config: Config<'transformers'>,
  { source, target }: ProviderOptions,
): Promise<TranslationProvider> {
  const { family, model, dtype, device, cacheDir, localFilesOnly, maxNewTokens } = config;
  const codes = familyCodes(config, source, target);
  return transformersProvider({ family, model, dtype, device, cacheDir, localFilesOnly, maxNewTokens, ...codes });
}

/** The codes under which each family knows the two languages. */
function familyCodes(
  { family, multipleTargets }: Config<'transformers'>,
  source: Language,
  target: Language,
): { source?: string; target?: string } {
  const wants = (language: Language, code: string | undefined, name: ModelFamily): string => {
    if (code === undefined)
      throw new TranslateError(`${name} has no code for ${language.name} (languages/${language.code}.yaml)`);
    return code;
  };
  switch (family) {
    case 'nllb':
      return { source: source.codes.flores, target: target.codes.flores };
    case 'm2m100':
      return { source: wants(source, source.codes.m2m100, family), target: wants(target, target.codes.m2m100, family) };
    case 'madlad':
      return { target: wants(target, target.codes.madlad, family) };
    case 'opus-mt':
      return multipleTargets ? { target: wants(target, target.codes.opusMt, family) } : {};
  }
}

function createLibreTranslate(config: Config<'libretranslate'>, options: ProviderOptions): TranslationProvider {
  const [source, target] = [options.source, options.target].map(({ code, codes }) => codes.libretranslate ?? code);
  const { url, timeoutMs } = config;
  return libreTranslateProvider({
    url,
    timeoutMs,
    source: source ?? '',
    target: target ?? '',
    apiKey: keyOf(config, options),
  });
}

function createOpenAiCompatible(config: Config<'openai-compatible'>, options: ProviderOptions): TranslationProvider {
  const { url, model, timeoutMs } = config;
  const names = { source: options.source.name, target: options.target.name };
  return openAiCompatibleProvider({ url, model, timeoutMs, ...names, apiKey: keyOf(config, options) });
}

function keyOf({ apiKeyName }: { apiKeyName?: string | undefined }, options: ProviderOptions): string | undefined {
  if (apiKeyName === undefined) return undefined;
  const key = options.apiKey?.(apiKeyName);
  if (key === undefined || key === '') throw new TranslateError(`API key: expected ${apiKeyName} to be set, it is not`);
  return key;
}

function throughNetwork(
  provider: TranslationProvider,
  { rateLimit, retry }: Config<'libretranslate' | 'openai-compatible'>,
  { random, clock, onRetry }: ProviderOptions,
): TranslationProvider {
  const limited = rateLimit === undefined ? provider : withRateLimit(provider, rateLimit, clock);
  return withRetry(limited, retry, {
    random: random.fork(provider.model),
    onRetry,
    ...(clock === undefined ? {} : { clock }),
  });
}
