import { dataConfig } from '@azclip/data';
import { distillationConfig } from '@azclip/loss';
import { z } from 'zod';

/** The phase before the contrastive one: the text tower learns to say in its language what a frozen teacher says in another.
 * @see Carlsson et al. 2022 (Multilingual-CLIP) — https://aclanthology.org/2022.lrec-1.739 */
export const distillationSection = z.strictObject({
  /** Model folder of the teacher; its features must be as wide as `projection.dim`. */
  teacher: z.string().min(1),
  /** Captions that the teacher understands: of the same images, in the same order as those of `data`. */
  captions: dataConfig,
  loss: distillationConfig.default('cosine'),
  /** `teacher`: image head, temperature and a learning image tower begin as the teacher's, so that images stand where its
   * texts are. `own`: they begin as without a teacher. */
  images: z.enum(['teacher', 'own']).default('teacher'),
  /** Every parallel caption is seen once an epoch. */
  epochs: z.int().positive().default(10),
  batchSize: z.int().min(2).default(256),
  /** Peak of the warm-up, start of the cosine; of this phase alone. */
  learningRate: z.number().positive().default(1e-3),
  warmupSteps: z.int().min(0).default(100),
});

/** A checked `distillation` section. */
export type DistillationSection = z.output<typeof distillationSection>;
