import type { AlarmReport, StepReport } from '../report.ts';

/** Steps that must look bad in a row before it is said. */
const patience = 100;

/** A loss above this share of chance counts as nothing learned. */
const stuckShare = 0.98;

/** A uniformity above this, nats, counts as collapse: all features lie within a mean angle of nine degrees. */
const collapsedUniformity = -0.05;

/** Watches the steps of a run. */
export type TrainingAlarms = (report: StepReport) => AlarmReport | undefined;

/** Raises an alarm, once a kind, where after the warm-up a contrastive run has for a hundred steps given all images and texts
 * the same features, or done no better than chance; each says what to try.
 * @param warmupSteps - of the contrastive phase. */
export function createTrainingAlarms({ warmupSteps }: { readonly warmupSteps: number }): TrainingAlarms {
  const raised = new Set<AlarmReport['alarm']>();
  let seen = 0;
  let collapsed = 0;
  let stuck = 0;
  const raise = (alarm: AlarmReport['alarm'], step: number, message: string): AlarmReport => {
    raised.add(alarm);
    return { kind: 'alarm', alarm, step, message };
  };
  return ({ phase, step, loss, chanceLoss, uniformity = -Infinity }) => {
    if (phase !== 'contrastive') return undefined;
    seen += 1;
    if (seen <= warmupSteps) return undefined;
    collapsed = uniformity > collapsedUniformity ? collapsed + 1 : 0;
    stuck = loss > stuckShare * chanceLoss ? stuck + 1 : 0;
    if (collapsed >= patience && !raised.has('collapse')) return raise('collapse', step, collapseAdvice(uniformity));
    if (stuck >= patience && collapsed === 0 && raised.size === 0)
      return raise('stuck', step, stuckAdvice(loss, chanceLoss));
    return undefined;
  };
}

const collapseAdvice = (uniformity: number): string =>
  `all features are alike (uniformity ${uniformity.toFixed(3)}, where 0 is a single point): lower train.learningRate or ` +
  'train.weightDecay, raise train.warmupSteps, or try loss clip with a bigger batch';

const stuckAdvice = (loss: number, chance: number): string =>
  `the loss of ${loss.toFixed(3)} is no better than chance (${chance.toFixed(3)}): nothing is being learned. Look whether the ` +
  'captions belong to their images, raise train.learningRate, or begin with a smaller train.batchSize';
