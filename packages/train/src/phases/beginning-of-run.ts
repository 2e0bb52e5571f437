import { distillationState } from '../distillation/distillation-step.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { PhaseName } from '../report.ts';
import { noProgress, type Progress } from '../run/checkpoint.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** The progress of a run that has not begun, at its first phase. */
export const firstProgress = ({ distillation }: Pick<PreparedRun, 'distillation'>): Progress =>
  distillation ? { ...noProgress, phase: 'distillation' } : noProgress;

/** What a phase of a run moves, as it is before the run. */
export const initialStateOf = ({ initialState }: Pick<PreparedRun, 'initialState'>, phase: PhaseName): HostTensors =>
  phase === 'distillation' ? distillationState(initialState) : initialState;
