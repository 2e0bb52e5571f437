export { fitConfig, parseFitConfig, type FitConfig, type FitConfigInput } from './config.ts';
export { DivergedError } from './diverged-error.ts';
export type { FinalScores } from './finish-run.ts';
export type {
  EpochReport,
  FitReport,
  IssueReport,
  NoteReport,
  PreparationReport,
  Scores,
  StepReport,
} from './report.ts';
export { runFolderOf, type RunFolder } from './run/run-folder.ts';
export { trainClip, type TrainClipOptions, type TrainClipResult } from './train-clip.ts';
