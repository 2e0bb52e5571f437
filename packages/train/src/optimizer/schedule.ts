/** A learning rate over a run. */
export interface CosineSchedule {
  /** Highest learning rate, reached at the end of the warm-up. */
  readonly peak: number;
  /** Steps over which it rises from 0; 0 starts at the peak. */
  readonly warmupSteps: number;
  /** Steps of the whole run; the rate reaches 0 after the last. */
  readonly totalSteps: number;
}

/** Learning rate of a step: a straight rise, then half a cosine down to 0.
 * @param step - 0-based.
 * @see Loshchilov, Hutter 2017, equation 5, without restarts — https://arxiv.org/abs/1608.03983 */
export function warmupCosine(step: number, { peak, warmupSteps, totalSteps }: CosineSchedule): number {
  if (step < warmupSteps) return (peak * step) / warmupSteps;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return peak * 0.5 * (1 + Math.cos(Math.PI * done));
}
