import type { ModelVariant } from '@azclip/retrieval';

import type { VariantRecall } from './variant-recall.ts';

/** Points of recall that a variant may lose without a warning. */
const TOLERATED = 1;

/** What a variant costs, a line a score. */
export function recallLines(variant: ModelVariant, recall: VariantRecall): { line: string; isLoss: boolean }[] {
  return Object.entries(recall).map(([name, { float32, variant: small }]) => {
    const lost = (float32 - small) * 100;
    const isLoss = lost > TOLERATED;
    const line = `${variant} ${name}: ${(small * 100).toFixed(1)} % (float32 ${(float32 * 100).toFixed(1)} %)`;
    return { line: isLoss ? `${line}: ${lost.toFixed(1)} points lost` : line, isLoss };
  });
}
