import { chrF } from '@azclip/translate';

import { agreementOf, cohenKappa } from './agreement.ts';
import type { Decision } from './decision-journal.ts';

const times = (count: number, pair: [string, string]): [string, string][] => Array.from({ length: count }, () => pair);

const journal = (reviewer: string, ...made: [string, Decision['verdict'], string][]): Map<string, Decision> =>
  new Map(made.map(([id, verdict, text]) => [id, { id, verdict, text, reviewer, at: '2026-01-01T00:00:00.000Z' }]));

describe('Cohen’s κ', () => {
  it('is agreement beyond chance', () => {
    // observed (20 + 15) / 50 = 0.7; chance (25/50)(30/50) + (25/50)(20/50) = 0.5; κ = 0.2 / 0.5
    const pairs = [
      ...times(20, ['y', 'y']),
      ...times(5, ['y', 'n']),
      ...times(10, ['n', 'y']),
      ...times(15, ['n', 'n']),
    ];
    expect(cohenKappa(pairs)).toBeCloseTo(0.4, 12);
  });

  it('is 1 for equal, 0 for chance, below 0 for contrary verdicts', () => {
    expect(cohenKappa([...times(3, ['a', 'a']), ...times(2, ['r', 'r'])])).toBeCloseTo(1, 12);
    expect(
      cohenKappa([
        ['a', 'a'],
        ['a', 'r'],
        ['r', 'a'],
        ['r', 'r'],
      ]),
    ).toBeCloseTo(0, 12);
    expect(
      cohenKappa([
        ['a', 'r'],
        ['r', 'a'],
      ]),
    ).toBeCloseTo(-1, 12);
  });

  it('is not defined where chance explains everything', () => {
    expect(cohenKappa(times(5, ['a', 'a']))).toBeNull();
    expect(cohenKappa([])).toBeNull();
  });
});

it('compares what both decided on, and the texts that neither rejected', () => {
  const a = journal(
    'a',
    ['1', 'accept', 'it qaçır'],
    ['2', 'edit', 'ağ it'],
    ['3', 'reject', 'x'],
    ['4', 'accept', 'y'],
  );
  const b = journal('b', ['1', 'accept', 'it qaçır'], ['2', 'edit', 'ağ itlər'], ['3', 'accept', 'x']);
  const similar = (chrF('ağ it', 'ağ itlər') + chrF('ağ itlər', 'ağ it')) / 2;
  // verdicts aa ee ra: observed 2/3; chance accept ⅓·⅔ + edit ⅓·⅓ + reject 0 = 1/3; κ = 1/2
  const agreement = agreementOf(a, b);
  expect(agreement).toMatchObject({ reviewers: ['a', 'b'], captions: 3, observed: 2 / 3 });
  expect(agreement?.kappa).toBeCloseTo(0.5, 12);
  expect(agreement?.chrF).toBeCloseTo((1 + similar) / 2, 12);
  expect(agreementOf(a, journal('c', ['9', 'accept', '']))).toBeUndefined();
});
