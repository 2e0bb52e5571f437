import { z } from 'zod';

const addedToken = z.looseObject({ id: z.int().nonnegative(), content: z.string(), special: z.boolean().optional() });

/** The parts of a `tokenizer.json` that this package reads; the others pass through untouched.
 * @see https://huggingface.co/docs/tokenizers/api/tokenizer */
export const tokenizerJson = z.looseObject({
  added_tokens: z.array(addedToken).optional(),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({
    type: z.enum(['WordPiece', 'BPE', 'Unigram']).optional(),
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/** Content of a `tokenizer.json`. */
export type TokenizerJson = z.infer<typeof tokenizerJson>;
