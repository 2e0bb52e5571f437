import { z } from 'zod';

const rate = z.number().min(0).lt(1);
const size = z.int().positive();

/** How token features become the feature of a caption. */
export const poolingConfig = z
  .enum(['mean', 'first', 'pooler', 'attention'])
  .describe('mean over the pieces; first piece; first piece through a tanh layer; learned attention over the pieces');

/** Bag of pieces: embeddings, mean or attention, an optional hidden layer. */
export const bagConfig = z.strictObject({
  name: z.literal('bag'),
  dim: size.default(512).describe('width of the embeddings'),
  hidden: z.int().nonnegative().default(0).describe('width of a residual hidden layer on the mean, 0 for none'),
  pooling: z.enum(['mean', 'attention']).default('mean'),
  dropout: rate.default(0).describe('dropout of the caption feature'),
  tokenDropout: rate.default(0).describe('rate at which whole pieces are left out while training'),
  contextLength: size.default(64),
});

/** BERT of any size. Defaults are those of BERT-base, which all the named models share, except the context; their
 * vocabularies are their tokenizers', their values come by `weights`. */
export const bertConfig = z.strictObject({
  name: z.enum(['bert', 'bert-base-multilingual-cased', 'bert-base-multilingual-uncased', 'bert-base-uncased']),
  weights: z.string().min(1).optional().describe('safetensors file, folder with one, or hub id owner/name[@revision]'),
  layers: size.default(12),
  hidden: size.default(768),
  heads: size.default(12),
  ffn: size.default(3072).describe('width of the feed-forward layers'),
  activation: z.enum(['gelu', 'gelu_tanh', 'relu', 'silu', 'tanh']).default('gelu'),
  norm: z
    .enum(['post', 'pre'])
    .default('post')
    .describe('layer norm after each residual sum (BERT) or before the branch'),
  dropout: rate.default(0.1),
  attentionDropout: rate.default(0.1),
  epsilon: z.number().positive().default(1e-12).describe('added to the variance in layer norms'),
  maxPosition: size.default(512),
  tokenTypes: size.default(2),
  pooling: poolingConfig.default('pooler'),
  contextLength: size.default(64).describe('most tokens of a caption, at most maxPosition'),
  freeze: z
    .strictObject({
      embeddings: z.boolean().default(false),
      layers: z.int().nonnegative().default(0).describe('how many layers, from the first'),
    })
    .prefault({})
    .describe('what training leaves as it is'),
});

/** A text tower: one of the networks by name. */
export const textTowerConfig = z.discriminatedUnion('name', [bagConfig, bertConfig]);

/** Several captions of one image as one text: the second level of hierarchical attention, over {@link poolingConfig}
 * `attention` within a caption. A query is a single caption, which both poolings leave as it is. */
export const captionPoolingConfig = z.strictObject({
  captions: size.default(1).describe('captions drawn for an image, 1 for none but its own'),
  pooling: z.enum(['mean', 'attention']).default('attention'),
});

/** Validated {@link bagConfig}. */
export type BagConfig = z.infer<typeof bagConfig>;
/** Validated {@link bertConfig}. */
export type BertConfig = z.infer<typeof bertConfig>;
/** Validated {@link textTowerConfig}. */
export type TextTowerConfig = z.infer<typeof textTowerConfig>;
/** A name of {@link poolingConfig}. */
export type Pooling = z.infer<typeof poolingConfig>;
/** Validated {@link captionPoolingConfig}. */
export type CaptionPoolingConfig = z.infer<typeof captionPoolingConfig>;
