/** How a run moves its parameters: clipping, AdamW, what follows them. */
export interface UpdateRule {
  /** Largest norm of all gradients together. */
  readonly gradientClip: number;
  /** Share that the first moment keeps in a step. */
  readonly beta1: number;
  /** Share that the second moment keeps in a step. */
  readonly beta2: number;
  /** Decoupled decay of matrices. */
  readonly weightDecay: number;
  /** Factor of the learning rate from one layer of a tower to the one below it; 1 unless told. */
  readonly layerDecay?: number;
  /** What a moving average of the parameters keeps of itself a step; without it the state holds no average. */
  readonly averageDecay?: number | undefined;
}

/** What steers one update. */
export interface UpdateRates {
  readonly learningRate: number;
  /** 1 at the first update of the run. */
  readonly step: number;
}

/** Added to the root of the second moment, unless told: open_clip's. */
export const defaultEpsilon = 1e-6;

/** Added to the norm by which gradients are clipped: torch's `clip_grad_norm_` adds the same. */
export const clipEpsilon = 1e-6;
