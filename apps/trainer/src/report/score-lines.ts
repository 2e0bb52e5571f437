/** Final scores as lines for a terminal: one a part and direction.
 * @param scores - by part and name, such as `dev/text-to-image/recall@1`. */
export function scoreLines(scores: Readonly<Record<string, number>>): string[] {
  const directions = new Set(Object.keys(scores).map((name) => name.split('/').slice(0, 2).join('/')));
  return [...directions].map((direction) => {
    const of = (name: string): number => scores[`${direction}/${name}`] ?? NaN;
    const recalls = [1, 5, 10].map((k) => (of(`recall@${String(k)}`) * 100).toFixed(1)).join('/');
    const counts = `${String(of('queries'))} queries over ${String(of('gallery'))} items`;
    const ranks = `median rank ${String(of('median-rank'))}, MRR ${of('mrr').toFixed(3)}, MAP ${of('map').toFixed(3)}`;
    return `${direction.replace('-to-', '→').replace('/', ' ')}  R@1/5/10 ${recalls}, ${ranks}  (${counts})`;
  });
}
