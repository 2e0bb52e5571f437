import type { EvaluationReport } from '../evaluation/evaluate.ts';
import type { Chart } from './chart.ts';

/** R@k over k with intervals, both directions, one line a model and set. */
export function recallCharts({ cells }: EvaluationReport): Chart[] {
  const chart = (title: string, direction: 'textToImage' | 'imageToText'): Chart => ({
    title,
    xTitle: 'k',
    yTitle: 'R@k',
    share: true,
    series: cells.map(({ model, set, evaluation }) => ({
      name: `${model} · ${set}`,
      points: evaluation.curve.map((point) => {
        const { value, low, high } = point[direction];
        return { x: point.k, y: value, low, high };
      }),
    })),
  });
  return [chart('Text → image', 'textToImage'), chart('Image → text', 'imageToText')];
}
