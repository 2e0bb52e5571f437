import { imagePreprocessing } from '@azclip/data';
import { z } from 'zod';

import { enhancements } from './enhancements.ts';

/** What becomes of the last feature map: its `average`, or a k × k `grid` of averages, flattened, so that features
 * still tell where in the image something is. */
export const featurePooling = z.union([z.literal('average'), z.strictObject({ grid: z.int().min(1) })]);

/** See {@link featurePooling}. */
export type FeaturePooling = z.infer<typeof featurePooling>;

/** Options that all networks of the literature share. */
const common = {
  /** Pixels a side. */
  size: z.int().min(32).default(224),
  /** Pretrained values: a safetensors file, a folder that holds one, or a hub id `owner/name[@revision]`; names and layouts
   * of torchvision or timm. Without it the network starts from chance. */
  weights: z.string().min(1).optional(),
  /** How many stages from the pixels on keep their values; `all` for a frozen tower whose features are cached. */
  freeze: z.union([z.int().min(0), z.literal('all')]).default(0),
  /** By default that of the weights: from `config.json` beside them, else torchvision's for this network. */
  preprocessing: imagePreprocessing.optional(),
  ...enhancements,
};

const stochasticDepth = (rate: number) => z.number().min(0).lt(1).default(rate);

const pooled = { ...common, pooling: featurePooling.default('average') };

/** ResNet-50: 2,048 features. */
export const resnet50Config = z.strictObject({ ...pooled, name: z.literal('resnet50') });

/** EfficientNet-B0: 1,280 features. */
export const efficientnetB0Config = z.strictObject({
  ...pooled,
  name: z.literal('efficientnet_b0'),
  /** Probability that the last block drops its branch; it grows from 0 at the first. */
  stochasticDepth: stochasticDepth(0.2),
});

/** ViT-B/16: 768 features, of the class token unless `pooling` says otherwise. */
export const vitB16Config = z
  .strictObject({
    ...common,
    name: z.literal('vit_b_16'),
    pooling: z.union([z.literal('class'), featurePooling]).default('class'),
  })
  .refine(({ size }) => size % 16 === 0, { path: ['size'], error: 'expected a multiple of 16, the side of a patch' });

/** Swin-T: 768 features. */
export const swinTConfig = z
  .strictObject({
    ...pooled,
    name: z.literal('swin_t'),
    stochasticDepth: stochasticDepth(0.2),
    /** Cells a side of an attention window; pretrained weights have 7. */
    window: z.int().min(1).default(7),
  })
  .refine(({ size, window }) => size % (32 * window) === 0, {
    path: ['size'],
    error: 'expected a multiple of 32 · window, so that windows tile every map',
  });

/** ConvNeXt-T: 768 features. */
export const convnextTinyConfig = z.strictObject({
  ...pooled,
  name: z.literal('convnext_tiny'),
  stochasticDepth: stochasticDepth(0.1),
});

/** MobileNetV3: 960 (large) or 576 (small) features; with timm's linear map behind the average 1,280 or 1,024. */
export const mobilenetV3Config = z
  .strictObject({
    ...pooled,
    name: z.enum(['mobilenet_v3_large', 'mobilenet_v3_small']),
    /** Whose weights it takes: the libraries differ in the norms' epsilon and in where features end. */
    library: z.enum(['torchvision', 'timm']).default('torchvision'),
  })
  .refine(({ library, pooling }) => library === 'torchvision' || pooling === 'average', {
    path: ['pooling'],
    error: "expected average: timm's features end behind it",
  });

/** MobileNetV2 of any width: 1,280 features up to width 1. */
export const mobilenetV2Config = z.strictObject({
  ...pooled,
  name: z.literal('mobilenet_v2'),
  /** Factor of the channels. */
  width: z.number().positive().default(1),
  /** Whose weights it takes; `keras` also reads a TF.js layers folder. */
  library: z.enum(['torchvision', 'timm', 'keras']).default('torchvision'),
});

/** A network of the literature, by its usual name. */
export const namedConfig = z.discriminatedUnion('name', [
  resnet50Config,
  efficientnetB0Config,
  vitB16Config,
  swinTConfig,
  convnextTinyConfig,
  mobilenetV3Config,
  mobilenetV2Config,
]);

/** See {@link namedConfig}. */
export type NamedConfig = z.infer<typeof namedConfig>;
