import { chrF } from '@azclip/translate';

import type { Decision } from './decision-journal.ts';

/** How far two people agree. */
export interface Agreement {
  readonly reviewers: readonly [string, string];
  /** Captions that both decided on. */
  readonly captions: number;
  /** Share of equal verdicts. */
  readonly observed: number;
  /** Cohen's κ of accept, edit, reject; `null` where both gave all captions one same verdict, or there are none. */
  readonly kappa: number | null;
  /** Mean chrF2 of the texts that neither rejected, both ways, 0 … 1; `null` if there are none. */
  readonly chrF: number | null;
}

/** Cohen's κ: agreement beyond chance, (observed − chance) / (1 − chance).
 * @returns `null` where chance alone explains everything.
 * @see Cohen 1960 — https://doi.org/10.1177/001316446002000104 */
export function cohenKappa(pairs: readonly (readonly [string, string])[]): number | null {
  const share = (side: 0 | 1, label: string): number =>
    pairs.filter((pair) => pair[side] === label).length / pairs.length;
  const labels = [...new Set(pairs.flat())];
  const chance = labels.reduce((sum, label) => sum + share(0, label) * share(1, label), 0);
  const observed = pairs.filter(([a, b]) => a === b).length / pairs.length;
  return pairs.length === 0 || 1 - chance < 1e-12 ? null : (observed - chance) / (1 - chance);
}

/** Compares the decisions of two people, by caption. */
export function agreementOf(a: ReadonlyMap<string, Decision>, b: ReadonlyMap<string, Decision>): Agreement | undefined {
  const both = [...a.values()].flatMap((first) => {
    const second = b.get(first.id);
    return second === undefined ? [] : [[first, second] as const];
  });
  const [pair] = both;
  if (pair === undefined) return undefined;
  const texts = both.filter(([x, y]) => x.verdict !== 'reject' && y.verdict !== 'reject');
  const chrFs = texts.map(([x, y]) => (chrF(x.text, y.text) + chrF(y.text, x.text)) / 2);
  return {
    reviewers: [pair[0].reviewer, pair[1].reviewer],
    captions: both.length,
    observed: both.filter(([x, y]) => x.verdict === y.verdict).length / both.length,
    kappa: cohenKappa(both.map(([x, y]) => [x.verdict, y.verdict])),
    chrF: chrFs.length === 0 ? null : chrFs.reduce((sum, value) => sum + value, 0) / chrFs.length,
  };
}
