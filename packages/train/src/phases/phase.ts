import type { TrainBatch } from '../batches/train-batches.ts';
import type { PhaseName, Scores, StepValues } from '../report.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** One way of learning, from its first step to its last: what a run does one after the other. */
export interface Phase {
  readonly name: PhaseName;
  readonly epochs: number;
  /** Steps of the whole phase. */
  readonly steps: number;
  /** Whether its scores name the best checkpoint. */
  readonly selects: boolean;
  /** The batches of an epoch that are left from batch `first`, those of one step together.
   * @param epoch - 0-based. */
  batches(epoch: number, first: number): AsyncIterable<readonly TrainBatch[]> | Iterable<readonly TrainBatch[]>;
  /** One optimizer step.
   * @param step - 1-based within the phase. */
  step(batches: readonly TrainBatch[], step: number): Promise<StepValues>;
  /** Scores of dev with the parameters of the moment. */
  score(): Promise<Scores>;
  /** Copies of the parameters and moments, for a checkpoint. */
  readState(): Promise<HostTensors>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
