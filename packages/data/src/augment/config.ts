import { z } from 'zod';

const probability = (chance: number) => z.number().min(0).max(1).default(chance);
const range = (low: number, high: number) =>
  z
    .tuple([z.number().positive(), z.number().positive()])
    .refine(([from, to]) => from <= to, 'expected the smaller number first')
    .default([low, high]);
const strength = (value: number) => z.number().min(0).max(1).default(value);

/** One step of an augmentation; defaults are torchvision's. */
export const augmentationStep = z.discriminatedUnion('op', [
  /** A part of the image, of random area (as part of the whole) and proportions, brought to the tower's square. */
  z.strictObject({ op: z.literal('randomResizedCrop'), scale: range(0.08, 1), ratio: range(3 / 4, 4 / 3) }),
  /** Left becomes right; never where the caption speaks of left or right. */
  z.strictObject({ op: z.literal('flip'), probability: probability(0.5) }),
  /** Brightness, contrast and saturation times 1 ± the value, hue turned by up to ± the value of a full circle. */
  z.strictObject({
    op: z.literal('colourJitter'),
    probability: probability(1),
    brightness: strength(0.4),
    contrast: strength(0.4),
    saturation: strength(0.4),
    hue: z.number().min(0).max(0.5).default(0.1),
  }),
  z.strictObject({ op: z.literal('grayscale'), probability: probability(0.1) }),
  /** Gaussian blur; sigma in pixels. */
  z.strictObject({ op: z.literal('blur'), probability: probability(0.5), sigma: range(0.1, 2) }),
  /** Turned by up to ± `degrees`, black where nothing is. */
  z.strictObject({
    op: z.literal('rotation'),
    probability: probability(1),
    degrees: z.number().min(0).max(180).default(15),
  }),
  /** A rectangle of random area and proportions filled with noise. */
  z.strictObject({
    op: z.literal('erasing'),
    probability: probability(0.25),
    scale: range(0.02, 1 / 3),
    ratio: range(0.3, 3.3),
  }),
  /** `count` operations drawn from RandAugment's fourteen, of strength `magnitude` of 30. */
  z.strictObject({
    op: z.literal('randAugment'),
    count: z.int().min(1).max(8).default(2),
    magnitude: z.int().min(0).max(30).default(9),
  }),
]);

/** One step of an augmentation. */
export type AugmentationStep = z.output<typeof augmentationStep>;

/** Steps that are applied in turn to a decoded image; what comes out is brought to the tower's square. */
export const augmentationConfig = z.array(augmentationStep);

/** Steps that are applied in turn. */
export type AugmentationConfig = z.output<typeof augmentationConfig>;
