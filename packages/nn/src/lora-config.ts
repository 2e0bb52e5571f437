import { z } from 'zod';

/** Low-rank adapters: what a big tower learns instead of its own linear maps. */
export const loraConfig = z.strictObject({
  rank: z.int().positive().default(8).describe('Width of the bottleneck; parameters grow with it'),
  alpha: z.number().positive().default(16).describe('The adapter counts alpha / rank times'),
  dropout: z.number().min(0).lt(1).default(0).describe('Share of the input features an adapter misses in a step'),
  targets: z
    .array(z.string().min(1))
    .min(1)
    .default(['query', 'value'])
    .describe('Last parts of the names of the linear maps that get one: query, key, value, output, up, down, linear'),
});

/** A checked `loraConfig`. */
export type LoraConfig = z.infer<typeof loraConfig>;
