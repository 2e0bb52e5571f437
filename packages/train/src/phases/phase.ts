import type { TrainBatch } from '../batches/train-batches.ts';
import type { PhaseName, Scores } from '../report.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** What a step measured. */
export interface StepValues {
  /** Nats, or as the phase's loss is. */
  readonly loss: number;
  /** The loss of a model that has learned nothing. */
  readonly chanceLoss: number;
  readonly gradientNorm: number;
  /** 1 / temperature, where the phase has one. */
  readonly logitScale?: number;
  /** Mean squared distance of an image's and its text's features, where both are learned. */
  readonly alignment?: number;
  /** How far features spread, nats: 0 where all are one, near −4 where they are at right angles. */
  readonly uniformity?: number;
  readonly learningRate: number;
}

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
