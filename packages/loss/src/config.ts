import { z } from 'zod';

/** VSE++'s margin and an equal weight, where the paper names neither: https://arxiv.org/abs/1707.05612 */
const hinge = {
  margin: z.number().min(0).max(2).default(0.2).describe('How far a wrong pair must stay off'),
  weight: z.number().min(0).default(1).describe('Factor of the margin term, the λ of the paper'),
};

/** Captions this alike are no negatives of each other. */
const duplicateSimilarity = z
  .number()
  .gt(0)
  .max(1)
  .default(0.8)
  .describe('Share of common pieces (Jaccard) from which two captions of a batch say the same');

/** Which loss trains the towers, by `name`; docs/losses.md explains the choice.
 * `clip`: symmetric InfoNCE. `siglip`: pairwise sigmoid. `multi-positive`: InfoNCE that knows of duplicates in the batch.
 * `lowclip-as-written`, `lowclip-distance`, `lowclip-margin`: three readings of the paper's loss. */
export const lossConfig = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('clip') }),
  z.strictObject({ name: z.literal('siglip') }),
  z.strictObject({
    name: z.literal('multi-positive'),
    duplicates: z
      .enum(['positive', 'ignore'])
      .default('positive')
      .describe('Whether other matches in the batch are learned, or left out of the softmax'),
    duplicateSimilarity,
  }),
  z.strictObject({ name: z.literal('lowclip-as-written'), ...hinge }),
  z.strictObject({ name: z.literal('lowclip-distance'), ...hinge, duplicateSimilarity }),
  z.strictObject({ name: z.literal('lowclip-margin'), ...hinge, duplicateSimilarity }),
]);

/** A checked `lossConfig`. */
export type LossConfig = z.infer<typeof lossConfig>;

/** Margin and weight of a hinge. */
export type HingeConfig = Pick<Extract<LossConfig, { name: 'lowclip-margin' }>, 'margin' | 'weight'>;
