import type { Cell, EvaluationReport } from '../evaluation/evaluate.ts';
import type { Failure, FoundImage } from '../evaluation/failures.ts';
import { leakNotes } from '../evaluation/leaks.ts';
import { escapeHtml } from './escape-html.ts';
import { evaluationTables } from './evaluation-tables.ts';
import { page } from './page.ts';
import { htmlTable } from './table.ts';
import { thumbnail } from './thumbnail.ts';

/** Writes an evaluation as one HTML page that needs no other file: scores, curves, and the worst queries with what was
 * found instead.
 * @param curves - the recall@k chart, an SVG document. */
export async function evaluationHtml(report: EvaluationReport, curves: string): Promise<string> {
  const failures: string[] = [];
  for (const cell of report.cells) failures.push(await failureList(cell));
  const issues = report.issues.map(({ place, message }) => `<li>${escapeHtml(`${place}: ${message}`)}</li>`);
  const body = [
    ...leakNotes(report.leaks).map((note) => `<p><strong>${escapeHtml(note)}</strong></p>`),
    ...evaluationTables(report).map(htmlTable),
    `<h2>R@k</h2><figure>${curves}<figcaption>Bands are 95 % intervals.</figcaption></figure>`,
    '<h2>Worst queries</h2>',
    ...failures,
    issues.length === 0 ? '' : `<h2>Items passed over</h2><ul>${issues.join('\n')}</ul>`,
  ];
  return page(report.name, body.join('\n'));
}

async function failureList(cell: Cell): Promise<string> {
  const items: string[] = [];
  for (const failure of cell.evaluation.failures) items.push(await failureItem(cell, failure));
  const title = escapeHtml(`${cell.model} on ${cell.set} (${cell.split})`);
  const none = '<p>Every query found its image first.</p>';
  const list = items.length === 0 ? none : items.join('\n');
  return `<details open><summary>${title}</summary>${list}</details>`;
}

async function failureItem(cell: Cell, { query, rank, right, found }: Failure): Promise<string> {
  const images: string[] = [await figure(cell, right, `expected, rank ${String(rank)}`)];
  for (const [index, image] of found.entries())
    images.push(await figure(cell, image, `found, rank ${String(index + 1)}`));
  const language = escapeHtml(cell.language);
  return `<article><h3 lang="${language}">${escapeHtml(query)}</h3><div class="row">${images.join('\n')}</div></article>`;
}

async function figure(cell: Cell, image: FoundImage, label: string): Promise<string> {
  const pair = cell.evaluation.pairs[image.index];
  const source = pair ? await thumbnail(pair.image) : '';
  const caption = escapeHtml(image.caption);
  const language = escapeHtml(cell.language);
  const score = `${label}, ${image.score.toFixed(3)}`;
  return (
    `<figure><img src="${source}" alt="${caption}" lang="${language}" title="${escapeHtml(image.imageId)}">` +
    `<figcaption>${escapeHtml(score)}<br><span lang="${language}">${caption}</span></figcaption></figure>`
  );
}
