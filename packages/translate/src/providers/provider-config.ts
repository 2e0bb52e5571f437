import { z } from 'zod';

import { rateLimitConfig } from './rate-limit.ts';
import { retryConfig } from './retry.ts';

const network = {
  url: z.url(),
  apiKeyName: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the key; never the key itself'),
  timeoutMs: z.int().positive().default(60_000).describe('Until the whole answer has arrived'),
  rateLimit: rateLimitConfig.optional(),
  retry: retryConfig.prefault({}),
};

const memoryConfig = z.strictObject({
  provider: z.literal('memory'),
  path: z.string().describe('TSV: source, target'),
});

const transformersConfig = z.strictObject({
  provider: z.literal('transformers'),
  family: z.enum(['nllb', 'm2m100', 'madlad', 'opus-mt']),
  model: z.string().describe('A folder, or owner/name on the hub, with ONNX files'),
  dtype: z.enum(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4']).default('q8'),
  device: z.enum(['cpu', 'cuda', 'webgpu']).optional(),
  multipleTargets: z.boolean().default(false).describe('opus-mt: the model wants >>code<< in front'),
  cacheDir: z.string().optional(),
  localFilesOnly: z.boolean().default(false).describe('Fail rather than download'),
  maxNewTokens: z.int().min(1).default(128),
});

const libreTranslateConfig = z.strictObject({ provider: z.literal('libretranslate'), ...network });

const openAiCompatibleConfig = z.strictObject({
  provider: z.literal('openai-compatible'),
  model: z.string(),
  ...network,
});

const singleConfig = z.discriminatedUnion('provider', [
  memoryConfig,
  transformersConfig,
  libreTranslateConfig,
  openAiCompatibleConfig,
]);

const chainConfig = z.strictObject({
  provider: z.literal('chain'),
  providers: z.array(singleConfig).min(1).describe('Asked in order; the first answer counts'),
});

/** Who translates. */
export const providerConfig = z.discriminatedUnion('provider', [...singleConfig.options, chainConfig]);

/** Who translates. */
export type ProviderConfig = z.output<typeof providerConfig>;
