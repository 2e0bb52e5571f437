import { readIndexedImage, type Hit, type Metadata } from '@azclip/retrieval';
import sharp, { type OverlayOptions } from 'sharp';

/** One row of a gallery: a query and its hits. */
export interface GalleryRow {
  readonly query: string;
  readonly hits: readonly Pick<Hit, 'score' | 'metadata'>[];
}

const cell = 180;
const gap = 10;
const heading = 34;
const caption = 22;

/** Draws rows of hits under their queries as one PNG, scores below the images.
 * @param gallery - the folder, manifest or archive that was indexed. */
export async function drawGallery(rows: readonly GalleryRow[], gallery: string): Promise<Buffer> {
  const columns = Math.max(1, ...rows.map(({ hits }) => hits.length));
  const rowHeight = heading + cell + caption + gap;
  const [width, height] = [columns * (cell + gap) + gap, rows.length * rowHeight + gap];
  const layers: OverlayOptions[] = [];
  for (const [i, { query, hits }] of rows.entries()) {
    const top = gap + i * rowHeight;
    layers.push({ input: label(query, width - 2 * gap, heading, 20), left: gap, top });
    for (const [j, { metadata, score }] of hits.entries()) {
      const left = gap + j * (cell + gap);
      layers.push({ input: await picture(gallery, metadata), left, top: top + heading });
      const text = `${String(j + 1)}  ${score.toFixed(3)}`;
      layers.push({ input: label(text, cell, caption, 14), left, top: top + heading + cell });
    }
  }
  const canvas = sharp({ create: { width, height, channels: 3, background: '#fff' } });
  return canvas.composite(layers).png().toBuffer();
}

/** An image whole in a square cell; one that is gone leaves the cell grey. */
async function picture(gallery: string, metadata: Metadata): Promise<Buffer> {
  const shape = { width: cell, height: cell };
  try {
    const image = sharp(await readIndexedImage(gallery, metadata)).autoOrient();
    return await image
      .resize({ ...shape, fit: 'contain', background: '#eee' })
      .png()
      .toBuffer();
  } catch {
    const empty = sharp({ create: { ...shape, channels: 3, background: '#ddd' } });
    return empty.png().toBuffer();
  }
}

function label(text: string, width: number, height: number, size: number): Buffer {
  const safe = text.replace(/[&<>"']/gu, (sign) => `&#${String(sign.charCodeAt(0))};`).replace(/\p{Cc}/gu, ' ');
  const style = `font-family="DejaVu Sans, sans-serif" font-size="${String(size)}" fill="#222"`;
  const line = `<text x="0" y="${String(height - 10)}" ${style}>${safe}</text>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">${line}</svg>`,
  );
}
