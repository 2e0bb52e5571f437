import type { DataIssue } from '@azclip/data';

/** Long work before the first step: how far it has come. */
export interface PreparationReport {
  readonly kind: 'preparation';
  /** What is being done, such as `image features`. */
  readonly what: string;
  readonly done: number;
  /** Undefined where it is not known beforehand. */
  readonly total: number | undefined;
}

/** What is being learned: `distillation`, a teacher's features of texts; `contrastive`, which image and text belong together. */
export type PhaseName = 'distillation' | 'contrastive';

/** What a step measured. */
export interface StepValues {
  /** Nats; beside it `chanceLoss`, the loss of a model that has learned nothing: ln(batch), or of the distillation
   * that of features without any relation. */
  readonly loss: number;
  readonly chanceLoss: number;
  /** L2 norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** 1 / temperature, where the phase has one. */
  readonly logitScale?: number;
  /** Mean squared distance of an image's and its text's features in 0 … 4, where both are learned. */
  readonly alignment?: number;
  /** How far the features of a batch spread, nats: 0 where all are one, near −4 where they are at right angles. */
  readonly uniformity?: number;
  readonly learningRate: number;
}

/** One optimizer step. */
export interface StepReport extends StepValues {
  readonly kind: 'step';
  readonly phase: PhaseName;
  /** 1-based, over the whole run. */
  readonly step: number;
  readonly totalSteps: number;
  /** 1-based, of the phase. */
  readonly epoch: number;
  /** Milliseconds from the step before. */
  readonly stepMs: number;
}

/** Scores of a part by name, such as `text-to-image/recall@1`, in 0 … 1 (ranks in 1 … gallery). */
export type Scores = Readonly<Record<string, number>>;

/** The end of an epoch. */
export interface EpochReport {
  readonly kind: 'epoch';
  readonly phase: PhaseName;
  /** 1-based, of the phase. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Mean over the batches of the epoch, nats. */
  readonly loss: number;
  /** Scores on dev, where this epoch was scored. */
  readonly scores: Scores | undefined;
  /** Whether they are the best so far, so that the checkpoint `best` is of this epoch. */
  readonly best: boolean;
}

/** An item of the data that was passed over. */
export interface IssueReport {
  readonly kind: 'issue';
  readonly issue: DataIssue;
}

/** Something worth saying once, such as which backend runs and why. */
export interface NoteReport {
  readonly kind: 'note';
  readonly message: string;
}

/** Something that looks wrong and may be worth ending the run for. */
export interface AlarmReport {
  readonly kind: 'alarm';
  /** `collapse`: all features are alike. `stuck`: the loss is that of chance. */
  readonly alarm: 'collapse' | 'stuck';
  readonly step: number;
  /** What it is, and what to try. */
  readonly message: string;
}

/** What a training run tells while it goes on. */
export type FitReport = PreparationReport | StepReport | EpochReport | IssueReport | NoteReport | AlarmReport;
