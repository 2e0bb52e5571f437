import type { EvaluationReport } from '../evaluation/evaluate.ts';

/** Writes an evaluation as JSON: everything but pixels. */
export function evaluationJson(report: EvaluationReport): string {
  const cells = report.cells.map(({ evaluation, ...cell }) => {
    const { textToImage, imageToText, curve, failures } = evaluation;
    return { ...cell, textToImage, imageToText, curve, failures };
  });
  return `${JSON.stringify({ ...report, cells }, null, 2)}\n`;
}
