export { fitConfig, parseFitConfig, type FitConfig, type FitConfigInput } from './config.ts';
export { DivergedError } from './diverged-error.ts';
export { embedFeatures, requireFeatures, type EmbeddedFeatures, type EmbedFeaturesOptions } from './embed-features.ts';
export type { FinalResults } from './evaluate/score-protocols.ts';
export {
  parsePretrainConfig,
  pretrainConfig,
  type PretrainConfig,
  type PretrainConfigInput,
} from './pretrain/config.ts';
export { mlmRunFolderOf, type MlmRunFolder } from './pretrain/prepare-mlm-run.ts';
export {
  pretrainText,
  type MlmEvaluationReport,
  type MlmStepReport,
  type PretrainOptions,
  type PretrainReport,
  type PretrainResult,
} from './pretrain/pretrain-text.ts';
export type {
  AlarmReport,
  EpochReport,
  FitReport,
  IssueReport,
  NoteReport,
  PhaseName,
  PreparationReport,
  Scores,
  StepReport,
  StepValues,
} from './report.ts';
export type { Communicator } from './parallel/communicator.ts';
export { openMpi } from './parallel/open-mpi.ts';
export { runFolderOf, type RunFolder } from './run/run-folder.ts';
export { trainClip, type TrainClipOptions, type TrainClipResult } from './train-clip.ts';
