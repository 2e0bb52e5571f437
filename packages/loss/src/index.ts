export { chanceLoss } from './chance-loss.ts';
export { clipLoss } from './clip-loss.ts';
export { lossConfig, type HingeConfig, type LossConfig } from './config.ts';
export {
  contrastiveLoss,
  initLossParams,
  matchSimilarity,
  type FeatureBatch,
  type LossParams,
} from './contrastive-loss.ts';
export {
  distillationConfig,
  distillationLoss,
  unrelatedDistillationLoss,
  type DistillationConfig,
} from './distillation-loss.ts';
export { alignment, uniformity } from './feature-geometry.ts';
export { lowclipAsWritten } from './lowclip-as-written.ts';
export { lowclipDistance } from './lowclip-distance.ts';
export { lowclipMargin } from './lowclip-margin.ts';
export { matchMatrix, type MatchRow } from './match-matrix.ts';
export { multiPositiveLoss } from './multi-positive-loss.ts';
export { siglipLoss } from './siglip-loss.ts';
export { clampLogScale, initialLogScale, logitScale, maxLogitScale } from './temperature.ts';
