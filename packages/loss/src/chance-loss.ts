import type { LossConfig } from './config.ts';

/** The loss of a model that tells nothing apart, all logits being equal: ln(batch). Of `siglip`, at the logit that fits one match
 * in `batch` best: batch · ln(batch / (batch − 1)) + ln(batch − 1). Of the losses with a margin, without it.
 * @param batch - pairs that the loss sees at once, two at least.
 * @returns nats. */
export function chanceLoss({ name }: Pick<LossConfig, 'name'>, batch: number): number {
  return name === 'siglip' ? batch * Math.log(batch / (batch - 1)) + Math.log(batch - 1) : Math.log(batch);
}
