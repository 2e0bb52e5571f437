import { escapeHtml } from './escape-html.ts';

/** A table of a report: the same in Markdown and in HTML. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
  /** Lines below it. */
  readonly notes?: readonly string[];
}

/** Text, or text that stands out. */
export type TableCell = string | { readonly strong: string };

/** Writes a table in Markdown, with its title. */
export function markdownTable({ title, head, rows, notes = [] }: Table): string {
  const text = (cell: TableCell): string => (typeof cell === 'string' ? plain(cell) : `**${plain(cell.strong)}**`);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map(text)));
  const table = [line(head), line(head.map(() => '---')), ...body].join('\n');
  const list = notes.map((note) => `- ${plain(note)}`).join('\n');
  return [`## ${title}`, table, list].filter((part) => part !== '').join('\n\n');
}

/** Writes a table in HTML, with its title. */
export function htmlTable({ title, head, rows, notes = [] }: Table): string {
  const cell = (value: TableCell): string =>
    typeof value === 'string' ? escapeHtml(value) : `<strong>${escapeHtml(value.strong)}</strong>`;
  const header = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((value) => `<td>${cell(value)}</td>`).join('')}</tr>`).join('\n');
  const list = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('\n');
  return [
    `<h2>${escapeHtml(title)}</h2>`,
    `<div class="wide"><table><thead><tr>${header}</tr></thead>\n<tbody>${body}</tbody></table></div>`,
    list === '' ? '' : `<ul class="notes">${list}</ul>`,
  ].join('\n');
}

/** Text that Markdown takes for text. */
function plain(text: string): string {
  return text.replace(/[|*_<>\\`[\]]/gu, '\\$&');
}
