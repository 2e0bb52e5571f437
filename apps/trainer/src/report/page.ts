import { escapeHtml } from './escape-html.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
body { max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { font-size: .85rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #8886; text-align: left; white-space: nowrap; }
.notes { opacity: .75; font-size: .85em; padding-left: 1.2rem; }
figure { margin: 0; }
figure > svg { max-width: 100%; height: auto; background: white; }
article { margin: 1rem 0 1.5rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
.row { display: flex; flex-wrap: wrap; gap: .8rem; }
.row figure { width: 8rem; font-size: .75em; }
.row figure:first-child { border-right: 2px solid #8886; padding-right: .8rem; }
.row img { max-width: 7rem; max-height: 7rem; display: block; }
summary { cursor: pointer; font-weight: 600; }
`;

/** Writes an HTML page that needs no other file.
 * @param body - HTML below the title. */
export function page(title: string, body: string): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${escapeHtml(title)}</h1>`,
    body,
    '</main></body></html>\n',
  ].join('\n');
}
