import { protocolLine, type ScoreCard } from '@azclip/metrics';

import type { Cell, EvaluationReport } from '../evaluation/evaluate.ts';
import { rank, share } from './score-text.ts';
import type { Table, TableCell } from './table.ts';

/** All tables of an evaluation, in the order in which they are read. */
export function evaluationTables(report: EvaluationReport): Table[] {
  const tables = [
    scoreTable(report, 'Text → image', (cell) => cell.evaluation.textToImage),
    scoreTable(report, 'Image → text', (cell) => cell.evaluation.imageToText),
    domainTable(report),
    gradedTable(report),
    paperTable(report),
    zeroShotTable(report),
    comparisonTable(report),
    agreementTable(report),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

const SHARES = ['R@1', 'R@5', 'R@10', 'MRR', 'MAP'];
const RANKS = ['median rank', 'mean rank'];

function scoreTable(report: EvaluationReport, title: string, cardOf: (cell: Cell) => ScoreCard): Table {
  const names = [...SHARES, ...RANKS].filter((name) => report.cells.some((cell) => cardOf(cell).scores[name]));
  return {
    title,
    head: [...CELL_HEAD, ...names],
    rows: report.cells.map((cell) => [...cellColumns(cell), ...scoreColumns(cell, cardOf(cell), names)]),
    notes: [
      `Shares in %, with 95 % bootstrap intervals over images (${String(report.resamples)} samples, seed ${String(report.seed)}). In-domain rows are bold.`,
      ...report.cells.map((cell) => `${cell.model} on ${cell.set}: ${protocolLine(cardOf(cell).protocol)}`),
    ],
  };
}

/** R@10 of each model, domains side by side; empty where no model says what it was trained on. */
function domainTable(report: EvaluationReport): Table {
  const known = report.cells.filter(({ inDomain }) => inDomain !== undefined);
  const sets = [...new Set(known.map(({ set }) => set))];
  const models = [...new Set(known.map(({ model }) => model))];
  const value = (model: string, set: string): TableCell => {
    const cell = known.find((one) => one.model === model && one.set === set);
    const text = share(cell?.evaluation.textToImage.scores['R@10']);
    return cell?.inDomain === true ? { strong: text } : text;
  };
  return {
    title: 'In and out of the domain',
    head: ['Model', ...sets],
    rows: sets.length < 2 ? [] : models.map((model) => [model, ...sets.map((set) => value(model, set))]),
    notes: ['Text → image R@10, %. In bold: the domain that the model was trained on.'],
  };
}

function gradedTable(report: EvaluationReport): Table {
  const names = ['precision@1', 'precision@5', 'recall@5', 'recall@10', 'nDCG@10', 'R-precision', 'bpref'];
  return {
    title: 'Image → text, all captions counted',
    head: [...CELL_HEAD, ...names],
    rows: report.cells.map((cell) => {
      return [...cellColumns(cell), ...scoreColumns(cell, cell.evaluation.imageToText, names)];
    }),
    notes: ['recall@k is the share of an image’s captions among the first k; R@k above asks for one of them.'],
  };
}

function paperTable(report: EvaluationReport): Table {
  const names = ['paper MAP', 'paper MAR', 'paper MAF1', 'table MAF1', 'paper Top-1', 'paper Top-5', 'paper Top-10'];
  return {
    title: 'The LowCLIP paper’s measures, text → image',
    head: [...CELL_HEAD, ...names],
    rows: report.cells.map((cell) => {
      return [...cellColumns(cell), ...scoreColumns(cell, cell.evaluation.textToImage, names)];
    }),
    notes: [
      'By equations (5)–(10); table MAF1 is the harmonic mean of MAP and MAR. docs/metrics.md says why there are two.',
    ],
  };
}

function comparisonTable({ comparisons }: EvaluationReport): Table {
  return {
    title: 'Differences between models',
    head: ['Set', 'First', 'Second', 'MRR first − second', 'p'],
    rows: comparisons.map(({ set, first, second, difference, pValue }) => {
      return [set, first, second, (100 * difference).toFixed(2), pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)];
    }),
    notes: ['Paired randomisation test on text → image reciprocal ranks, two-sided; whole images swap.'],
  };
}

function zeroShotTable({ zeroShot }: EvaluationReport): Table {
  return {
    title: 'Zero-shot classification',
    head: ['Model', 'Set', 'Language', 'Top-1', 'Top-5', 'Images', 'Classes', 'Prompts a class', 'Left out: no name'],
    rows: zeroShot.map(({ model, set, language, top1, top5, images, classes, prompts, withoutName }) => {
      return [model, set, language, share(top1), share(top5), ...[images, classes, prompts, withoutName].map(String)];
    }),
    notes: ['%, with 95 % bootstrap intervals over images. A class is the mean of its prompts.'],
  };
}

function agreementTable({ agreements }: EvaluationReport): Table {
  return {
    title: 'Agreement with people',
    head: ['Model', 'Judges', 'Kendall τ-b', 'Kendall τ-c', 'Grades', 'Left out for want of the caption'],
    rows: agreements.map(({ model, judges, tauB, tauC, grades, withoutCaption }) => {
      return [model, judges, tauB.toFixed(3), tauC.toFixed(3), String(grades), String(withoutCaption)];
    }),
    notes: ['Cosines of image–caption pairs beside the grades that people gave them.'],
  };
}

const CELL_HEAD = ['Model', 'Set', 'Language', 'Part'];

function cellColumns(cell: Cell): TableCell[] {
  return [cell.model, cell.set, cell.language, cell.split];
}

function scoreColumns(cell: Cell, card: ScoreCard, names: readonly string[]): TableCell[] {
  return names.map((name) => {
    const interval = card.scores[name];
    const text = RANKS.includes(name) ? rank(interval) : share(interval);
    return cell.inDomain === true ? { strong: text } : text;
  });
}
