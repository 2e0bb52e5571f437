import { z } from '@hono/zod-openapi';

import { LONGEST_QUERY } from '../longest-query.ts';

const safeId = z.string().regex(/^[\w-]{1,64}$/u, 'expected 1 to 64 letters, digits, _ or -');

const query = z.string().max(LONGEST_QUERY, `expected at most ${String(LONGEST_QUERY)} characters`);

const fact = z.union([z.string().max(LONGEST_QUERY), z.number(), z.boolean()]);

/** Narrows a search to images with these facts: JSON, such as `{"album":"yay","year":[1999,2000]}`. */
const filter = z
  .string()
  .max(4 * LONGEST_QUERY, `expected at most ${String(4 * LONGEST_QUERY)} characters`)
  .transform((text, context) => {
    const parsed = facts.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue('expected JSON such as {"album":"yay","year":[1999,2000]}');
    return z.NEVER;
  })
  .optional();

const facts = z.record(z.string().max(LONGEST_QUERY), z.union([fact, z.array(fact).min(1).max(100)]));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const paging = {
  filter,
  k: z.coerce.number().int().min(1).max(100).default(24),
  offset: z.coerce.number().int().min(0).max(9900).default(0),
};

/** An image in an address. */
export const imageParams = z.object({ id: safeId });

/** Which rendering of an image. */
export const imageQuery = z.object({ size: z.enum(['thumb', 'full']).default('full') });

/** A search by words. */
export const searchQuery = z.object({
  q: query.refine((text) => text.trim() !== '', 'expected words to look for, got none'),
  ...paging,
  /** Name under which judgements were given: they move the query. */
  session: safeId.optional(),
});

/** A search by an uploaded image, with words or without. */
export const searchUpload = z.object({
  image: z.instanceof(File, { error: 'expected an image file' }).openapi({ type: 'string', format: 'binary' }),
  q: query.default(''),
  ...paging,
});

/** More like an image of the index. */
export const similarQuery = z.object({ id: safeId, ...paging });

/** A judgement. */
export const feedbackBody = z.strictObject({
  session: safeId,
  q: query.min(1),
  id: safeId,
  value: z.enum(['up', 'down', 'none']),
});

const hit = z.object({
  id: z.string(),
  /** Cosine of query and image. */
  score: z.number(),
  file: z.string(),
  caption: z.string().optional(),
  /** Ids of images that show the same. */
  duplicates: z.array(z.string()),
});

/** Answer to a search. */
export const searchAnswer = z
  .object({
    hits: z.array(hit),
    /** Images in the index. */
    total: z.int(),
    /** How sure it is that the best hit fits, 0 … 1; null where it cannot be said. */
    relevance: z.number().nullable(),
    /** Readings of the query with the language's letters. */
    suggestions: z.array(z.string()),
  })
  .openapi('SearchAnswer');

/** What the index is. */
export const indexAnswer = z
  .object({
    total: z.int(),
    language: z.string(),
    imageTower: z.string(),
    textTower: z.string(),
    fingerprint: z.string(),
    /** Whether the index is being brought up to date. */
    indexing: z.boolean(),
    rejected: z.int(),
    /** Keys that searches can be narrowed by, with their values. */
    facets: z.record(z.string(), z.array(fact)),
    /** Captions of some images: what can be looked for. */
    examples: z.array(z.string()),
  })
  .openapi('IndexAnswer');

/** What went wrong, in one sentence. */
export const errorAnswer = z.object({ error: z.string() }).openapi('ErrorAnswer');
