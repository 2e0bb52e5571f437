import type { FinalResults } from '@azclip/train';

/** Final scores as lines for a terminal: one a part and direction, and under it what it was measured on.
 * @param scores - by part and name, such as `dev/text-to-image/recall@1`.
 * @param protocols - by part and direction, such as `dev/text-to-image`. */
export function scoreLines({ scores, protocols }: FinalResults): string[] {
  const directions = new Set(Object.keys(scores).map((name) => name.split('/').slice(0, 2).join('/')));
  return [...directions].flatMap((direction) => {
    const of = (name: string): number => scores[`${direction}/${name}`] ?? NaN;
    const recalls = [1, 5, 10].map((k) => (of(`recall@${String(k)}`) * 100).toFixed(1)).join('/');
    const ranks = `median rank ${String(of('median-rank'))}, MRR ${of('mrr').toFixed(3)}, MAP ${of('map').toFixed(3)}`;
    const line = `${direction.replace('-to-', '→').replace('/', ' ')}  R@1/5/10 ${recalls}, ${ranks}`;
    return [line, `  ${protocols[direction] ?? ''}`];
  });
}
