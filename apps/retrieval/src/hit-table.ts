import { styleText } from 'node:util';

import type { Hit } from '@azclip/retrieval';

/** Lays hits out as a table: rank, score, file and, where the index knows one, a caption.
 * @param isNarrowed - whether facts were asked for. */
export function hitTable(hits: readonly Hit[], isNarrowed = false): string {
  if (hits.length === 0) return isNarrowed ? 'no image has these facts\n' : 'no images in the index\n';
  const rows = hits.map(({ score, metadata }, rank) => ({
    cells: [String(rank + 1), score.toFixed(3), printable(metadata['file'])],
    caption: printable(metadata['caption']).split('⏎')[0] ?? '',
  }));
  const head = ['rank', 'score', 'file'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(({ cells }) => width(cells[column]))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column < 2 ? space + cell : cell + space;
      })
      .join('  ');
  const title = styleText('bold', line(head).trimEnd());
  const body = rows.map(({ cells, caption }) =>
    `${line(cells)}  ${caption === '' ? '' : styleText('dim', caption)}`.trimEnd(),
  );
  return [title, ...body, ''].join('\n');
}

/** Text for a terminal: control characters, which could steer it, are shown as signs. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return text.replaceAll('\n', '⏎').replace(/\p{Cc}/gu, '�');
}

const width = (text = ''): number => Array.from(text).length;
