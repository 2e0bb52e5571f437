import type { TargetShapes } from '@azclip/weights';

/** What a trimmed vocabulary saves. */
export interface TrimmingReport {
  /** Pieces before and after. */
  readonly pieces: { readonly before: number; readonly after: number };
  /** Parameters of the tower before and after. */
  readonly parameters: { readonly before: number; readonly after: number };
  /** Parameters saved. */
  readonly saved: number;
}

/** Counts what trimming saves of a tower.
 * @param shapes - the trimmed tower's parameters.  @param fullSize - pieces before. */
export function trimmingReport(shapes: TargetShapes, fullSize: number): TrimmingReport {
  const after = Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const [rows = 0, dim = 0] = shapes['embeddings.word'] ?? [];
  const saved = (fullSize - rows) * dim;
  return { pieces: { before: fullSize, after: rows }, parameters: { before: after + saved, after }, saved };
}
