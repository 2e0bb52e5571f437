import { z } from 'zod';

const words = z.array(z.string().min(1));

const lexicon = z.strictObject({
  numbers: z.record(z.string().regex(/^\d+$/u), words).describe('Each number and the patterns that say it'),
  colours: z.record(z.string(), words).describe('Each colour, by its English name, and the patterns that say it'),
  negation: words.describe('Patterns of negative words: not, no, without'),
  sides: z
    .strictObject({ left: words, right: words })
    .describe('Patterns of left and right, which flips would falsify'),
});

const codes = z.strictObject({
  flores: z
    .string()
    .regex(/^[a-z]{3}_[A-Z][a-z]{3}$/u)
    .describe('FLORES-200, for NLLB'),
  m2m100: z.string().optional().describe('M2M100; absent where that model does not know the language'),
  madlad: z.string().optional().describe('MADLAD-400, without the <2 >'),
  opusMt: z.string().optional().describe('Target token of opus-mt models with several targets, without the >> <<'),
  libretranslate: z.string().optional(),
});

/** One language: what a file `languages/<code>.yaml` holds. A pattern is a lower-case word in which `*` at either end
 * stands for any letters: `iki*` finds ikisi, `*sız` finds köynəksiz only if it says `*siz`. */
export const languageConfig = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z]{2,3}$/u)
    .describe('ISO 639-1, or 639-3 where that has none'),
  name: z.string().min(1).describe('English name'),
  codes,
  script: z.enum(['Latn', 'Cyrl', 'Arab', 'Armn', 'Geor']).describe('ISO 15924'),
  casing: z.string().nullable().describe('BCP 47 locale whose rules lower-case it; null where the script has no case'),
  letters: z.string().min(20).describe('Its lower-case letters, in order'),
  commonWords: words.min(10).describe('Frequent words and pattern endings that tell it from its neighbours'),
  lexicon,
  prompts: z.array(z.string().includes('{}')).min(1).describe('Class-name templates for zero-shot use; {} is the name'),
});

/** One language. */
export type Language = z.output<typeof languageConfig>;
