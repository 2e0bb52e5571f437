import { z } from 'zod';

const dim = z.number().int().positive().default(512).describe('Size of the shared space');

/** How features of a tower reach the space that images and texts share, by `head`:
 * `linear`; `linear-norm`, the paper's: linear, then layer norm; `mlp`: linear, a residual hidden layer, layer norm. */
export const projectionConfig = z.discriminatedUnion('head', [
  z.strictObject({ head: z.literal('linear'), dim }),
  z.strictObject({ head: z.literal('linear-norm'), dim }),
  z.strictObject({
    head: z.literal('mlp'),
    dim,
    activation: z.enum(['relu', 'gelu', 'gelu_tanh', 'silu', 'hardswish', 'tanh']).default('gelu'),
    dropout: z.number().min(0).lt(1).default(0.1).describe('Dropout of the residual branch'),
  }),
]);

/** A checked `projectionConfig`. */
export type ProjectionConfig = z.infer<typeof projectionConfig>;
