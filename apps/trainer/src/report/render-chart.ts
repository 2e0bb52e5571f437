import { writeFileAtomic } from '@azclip/base';
import { Resvg } from '@resvg/resvg-js';
import { createRequire } from 'node:module';
import { parse, View } from 'vega';

import { type Chart, chartSpec } from './chart.ts';

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** Draws charts side by side as an SVG document. Its text asks for the font DejaVu Sans, as a viewer of the SVG may or
 * may not have it. */
export async function chartSvg(charts: readonly Chart[]): Promise<string> {
  const view = new View(parse(chartSpec(charts)), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Paints an SVG document as PNG, twice its size. The font comes with the program, so that every letter (ə, ş, ğ, ı, İ)
 * is painted the same on a machine without fonts. */
export function svgToPng(svg: string): Uint8Array {
  const font = {
    loadSystemFonts: false,
    fontFiles: [fontFile('DejaVuSans'), fontFile('DejaVuSans-Bold')],
    defaultFontFamily: 'DejaVu Sans',
  };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
}

/** Draws charts side by side into a file.
 * @param path - ending in `.svg`, or a PNG is written. */
export async function writeCharts(charts: readonly Chart[], path: string): Promise<void> {
  const svg = await chartSvg(charts);
  await writeFileAtomic(path, path.endsWith('.svg') ? svg : svgToPng(svg));
}
