const maxOrder = 6;
const beta = 2;

/** chrF2 of one sentence: character n-grams of order 1 … 6 without spaces, F-score with β = 2 of each order, averaged over
 * the orders in which both texts have n-grams; what sacreBLEU calls `chrF2` (nc:6, nw:0, space:no), case mattering.
 * @returns 0 … 1; 1 where the texts agree.
 * @see Popović 2015 — https://aclanthology.org/W15-3049 */
export function chrF(hypothesis: string, reference: string): number {
  const [a, b] = [hypothesis, reference].map((text) => Array.from(text.replace(/\s+/gu, '')));
  let sum = 0;
  let orders = 0;
  for (let order = 1; order <= maxOrder; order += 1) {
    const score = scoreOfOrder(nGrams(a ?? [], order), nGrams(b ?? [], order));
    if (score === undefined) continue;
    sum += score;
    orders += 1;
  }
  return orders === 0 ? 0 : sum / orders;
}

function nGrams(characters: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= characters.length; i += 1) {
    const gram = characters.slice(i, i + order).join('');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** F-score of one order; `undefined` where either text is too short to have any. */
function scoreOfOrder(hypothesis: Map<string, number>, reference: Map<string, number>): number | undefined {
  const total = (counts: Map<string, number>): number =>
    Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
  const [inHypothesis, inReference] = [total(hypothesis), total(reference)];
  if (inHypothesis === 0 || inReference === 0) return undefined;
  let shared = 0;
  for (const [gram, count] of hypothesis) shared += Math.min(count, reference.get(gram) ?? 0);
  const [precision, recall] = [shared / inHypothesis, shared / inReference];
  const denominator = beta ** 2 * precision + recall;
  return denominator === 0 ? 0 : ((1 + beta ** 2) * precision * recall) / denominator;
}
