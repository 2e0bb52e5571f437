import { InputError } from '@azclip/base';

/** The loss is no number any more: nothing that follows would mean anything, and the last checkpoint is from before. */
export class DivergedError extends InputError {
  override readonly name = 'DivergedError';

  /** @param step - 1-based, at which the loss was no number. */
  constructor(step: number, loss: number) {
    super(
      `step ${String(step)}: the loss is ${String(loss)}; lower train.learningRate, raise train.warmupSteps, or lower ` +
        'train.gradientClip, then start over from the last checkpoint',
    );
  }
}
