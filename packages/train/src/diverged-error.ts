import { InputError } from '@azclip/base';

/** The loss or its gradient is no number any more: nothing that follows would mean anything, and the last checkpoint is from before. */
export class DivergedError extends InputError {
  override readonly name = 'DivergedError';

  /** @param step - 1-based.  @param what - is no number at that step. */
  constructor(step: number, what: 'loss' | 'norm of the gradients', value: number) {
    super(
      `step ${String(step)}: the ${what} is ${String(value)}; lower train.learningRate, raise train.warmupSteps, or lower ` +
        'train.gradientClip, then start over from the last checkpoint',
    );
  }
}
