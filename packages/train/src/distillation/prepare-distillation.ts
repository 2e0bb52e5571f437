import { InputError } from '@azclip/base';
import type { Pair } from '@azclip/data';
import { openModel } from '@azclip/retrieval';

import type { FitConfig } from '../config.ts';
import type { DistillationSection } from './config.ts';
import { parallelCaptions, type ParallelCaption } from './parallel-captions.ts';
import { teacherFeatures } from './teacher-features.ts';
import { featureFolder } from '../prepare-feature-inputs.ts';
import type { FitReport } from '../report.ts';

/** What the distillation phase learns from. */
export interface PreparedDistillation {
  readonly section: DistillationSection;
  readonly train: readonly ParallelCaption[];
  /** Held out: they tell how near the student has come to the teacher. */
  readonly dev: readonly ParallelCaption[];
  /** The teacher's features of what a caption was made from. @returns [embedDim], unit row. */
  readonly targetOf: (caption: ParallelCaption) => Float32Array;
}

/** Reads the parallel captions and lets the teacher embed them; undefined where the config has no distillation.
 * @throws {InputError} if teacher or captions do not fit the run. */
export async function* prepareDistillation(
  config: FitConfig,
  pairs: { readonly train: readonly Pair[]; readonly dev: readonly Pair[] },
): AsyncGenerator<FitReport, PreparedDistillation | undefined> {
  const section = config.distillation;
  if (section === undefined) return undefined;
  const teacher = await openModel(section.teacher);
  try {
    const { embedDim } = teacher.config;
    if (embedDim !== config.projection.dim) {
      const widths = `the teacher's ${String(embedDim)}, got ${String(config.projection.dim)}`;
      throw new InputError(`projection.dim: expected ${widths}`);
    }
    const train = await parallelCaptions(pairs.train, section.captions, 'train');
    const dev = await parallelCaptions(pairs.dev, section.captions, 'dev');
    checkBatchSize(section, train.length);
    const texts = [...train, ...dev].map(({ original }) => original);
    const features = yield* teacherFeatures(teacher, texts, featureFolder(config));
    return { section, train, dev, targetOf: ({ original }) => features.get(original) as Float32Array };
  } finally {
    await teacher.dispose();
  }
}

function checkBatchSize({ batchSize }: DistillationSection, captions: number): void {
  if (captions >= batchSize) return;
  const sizes = `the ${String(captions)} parallel captions, got ${String(batchSize)}`;
  throw new InputError(`distillation.batchSize: expected at most ${sizes}`);
}
