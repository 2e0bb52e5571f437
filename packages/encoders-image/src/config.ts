import { z } from 'zod';

import { enhancements } from './enhancements.ts';
import { featurePooling, namedConfig } from './named-config.ts';

const resnetForm = z.strictObject({
  name: z.literal('resnet'),
  /** Pixels a side. */
  size: z.int().min(16).default(64),
  block: z.enum(['basic', 'bottleneck']).default('basic'),
  /** First convolution: kernel and stride, and whether a 3 × 3 max pooling of stride 2 follows it. */
  stem: z
    .strictObject({
      kernel: z.int().min(1).default(3),
      stride: z.int().min(1).default(2),
      maxPool: z.boolean().default(false),
    })
    .prefault({}),
  /** Channels of each stage; from the second on, a stage halves the resolution. */
  widths: z.array(z.int().min(1)).min(1).default([32, 64, 128, 256]),
  /** Blocks of each stage; as many numbers as `widths`. */
  depths: z.array(z.int().min(1)).min(1).default([1, 1, 1, 1]),
  pooling: featurePooling.default('average'),
  ...enhancements,
});

/** A residual network of any size, trained from scratch; it sees the whole image, squashed to `size`. */
export const resnetConfig = resnetForm
  .refine(({ widths, depths }) => widths.length === depths.length, {
    path: ['depths'],
    error: 'expected as many numbers as widths',
  })
  .refine(({ pooling, ...form }) => pooling === 'average' || pooling.grid <= lastSide(form), {
    path: ['pooling', 'grid'],
    error: ({ input }) => `expected at most the cells a side of the last map, ${String(lastSide(input as LastMap))}`,
  });

type LastMap = Pick<z.infer<typeof resnetForm>, 'size' | 'stem' | 'widths'>;

/** Cells a side of the last feature map: each step of stride 2 halves them, rounded up. */
function lastSide({ size, stem, widths }: LastMap): number {
  const behindStem = Math.ceil(size / stem.stride / (stem.maxPool ? 2 : 1));
  return Math.ceil(behindStem / 2 ** (widths.length - 1));
}

/** Any TF.js layers or graph model folder (`model.json` and its weight files), frozen: its features are cached. */
export const tfjsConfig = z.strictObject({
  name: z.literal('tfjs'),
  /** Folder that holds `model.json`. */
  folder: z.string().min(1),
  /** Layer or graph node whose output are the features; without it, the last one that gives a feature map. */
  layer: z.string().min(1).optional(),
  size: z.int().min(16).default(224),
  /** Pixels arrive as (x / 255 − mean) / std; .5 and .5 give x / 127.5 − 1. */
  mean: z.tuple([z.number(), z.number(), z.number()]).default([0.5, 0.5, 0.5]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).default([0.5, 0.5, 0.5]),
  fit: z.enum(['crop', 'squash']).default('squash'),
  pooling: featurePooling.default('average'),
});

/** Options of {@link createImageTower}: which network, by `name`, and its sizes. */
export const imageTowerConfig = z.discriminatedUnion('name', [resnetConfig, tfjsConfig, namedConfig]);

/** See {@link imageTowerConfig}; what a config file may leave out is filled in. */
export type ImageTowerConfig = z.infer<typeof imageTowerConfig>;

/** See {@link resnetConfig}. */
export type ResnetConfig = z.infer<typeof resnetConfig>;

/** See {@link tfjsConfig}. */
export type TfjsConfig = z.infer<typeof tfjsConfig>;
