import { z } from 'zod';

/** Symmetric InfoNCE with a learned temperature. */
const clip = z.strictObject({ name: z.literal('clip') });

/** Which loss trains the towers, by `name`; see docs/losses.md. */
export const lossConfig = z.discriminatedUnion('name', [clip]);

/** A checked `lossConfig`. */
export type LossConfig = z.infer<typeof lossConfig>;
