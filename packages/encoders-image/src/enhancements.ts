import { InputError } from '@azclip/base';
import { z } from 'zod';

/** Features of the image at several resolutions, fused by learned weights: `scales` runs the network on the image averaged
 * down by each divisor; `stages` takes the averages of the last so many stages, whose maps are of different resolution. */
export const multiResolutionConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scales'), divisors: z.array(z.int().min(1)).min(2).default([1, 2]) }),
  z.strictObject({ kind: z.literal('stages'), count: z.int().min(2).default(3) }),
]);

/** See {@link multiResolutionConfig}. */
export type MultiResolutionConfig = z.infer<typeof multiResolutionConfig>;

/** The paper's enhancements of an image tower, each a switch; see docs/decisions/0042-image-enhancements.md for how the
 * paper is read. */
export const enhancements = {
  /** Adaptive feature learning: each channel of the features is scaled by a gate that the features themselves decide. */
  adaptive: z.boolean().default(false),
  multiResolution: multiResolutionConfig.optional(),
};

/** The paper's enhancements of an image tower, as a config switches them. */
export interface Enhancements {
  readonly adaptive: boolean;
  readonly multiResolution?: MultiResolutionConfig | undefined;
}

/** What the enhancements ask of the rest of a tower's config. */
export interface EnhancedConfig extends Enhancements {
  readonly name: string;
  readonly size: number;
  readonly pooling: unknown;
  readonly freeze?: number | 'all';
}

/** Networks whose parameters depend on the size of the image. */
const ofOneSize: ReadonlySet<string> = new Set(['vit_b_16', 'swin_t']);

/** Checks that a tower can be enhanced as its config says.
 * @throws {InputError} naming the key. */
export function checkEnhancements(config: EnhancedConfig): void {
  const { name, size, pooling, freeze, adaptive, multiResolution } = config;
  if (freeze === 'all' && (adaptive || multiResolution)) {
    throw new InputError('freeze: expected a number of stages, as adaptive and multiResolution must learn, got "all"');
  }
  if (multiResolution && typeof pooling === 'object') {
    throw new InputError('pooling: expected one row where resolutions are fused, got a grid');
  }
  if (multiResolution?.kind !== 'scales') return;
  if (ofOneSize.has(name)) {
    throw new InputError(`multiResolution.kind: expected stages, as ${name} takes one size only, got scales`);
  }
  const uneven = multiResolution.divisors.find((divisor) => size % divisor !== 0);
  if (uneven !== undefined) {
    throw new InputError(`multiResolution.divisors: expected divisors of ${String(size)}, got ${String(uneven)}`);
  }
}
