import { z } from 'zod';

/** Names of the rules, in the order in which they are applied. */
export const CLEANING_RULES = [
  'duplicate-id',
  'mojibake',
  'markup',
  'control-characters',
  'special-characters',
  'empty-caption',
  'too-short',
  'too-long',
  'wrong-script',
  'repeated-caption',
  'caption-count',
  'corrupt-image',
  'duplicate-image',
  'near-duplicate-image',
] as const;

/** How to clean a set. */
export const cleaningConfig = z.strictObject({
  /** Rules that are not applied. */
  off: z.array(z.enum(CLEANING_RULES)).default([]),
  /** Words of a caption. */
  minWords: z.int().positive().default(2),
  maxWords: z.int().positive().default(80),
  /** Unicode script that more than half of the letters of a caption must belong to. */
  script: z.enum(['Latin', 'Cyrillic', 'Arabic', 'Georgian', 'Armenian', 'any']).default('Latin'),
  /** Captions that an image must have once they are clean; `any` asks for at least one. */
  captionsPerImage: z.union([z.literal('any'), z.int().positive()]).default('any'),
  /** Largest number of bits by which the perceptual hashes of near-duplicates differ, of 64. */
  nearDuplicateBits: z.int().min(0).max(7).default(5),
});

/** How to clean a set, defaults filled in. */
export type CleaningConfig = z.output<typeof cleaningConfig>;

/** Name of a rule. */
export type CleaningRule = (typeof CLEANING_RULES)[number];
