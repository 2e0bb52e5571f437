export { clipLoss } from './clip-loss.ts';
export { lossConfig, type LossConfig } from './config.ts';
export { clampLogScale, initialLogScale, logitScale, maxLogitScale } from './temperature.ts';
