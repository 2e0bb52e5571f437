import type { Random } from '@azclip/base';

import type { RawImage } from '../image/raw-image.ts';
import { photograph } from './photograph.ts';
import type { Scene, SceneGroup } from './scene.ts';
import type { Domain, Sprite, SpriteSheet } from './sprites.ts';

/** Part of its cell that a thing fills. */
const FILLED = { small: 0.62, large: 0.92 };

/** Draws a scene: the square is cut into one cell a group along its arrangement, the things of a group stand across it
 * (those of a lone group along it), each a little off the middle of its cell.
 * @returns `side` × `side` pixels. */
export async function renderScene(
  scene: Scene,
  sheet: SpriteSheet,
  { side, domain, random }: { readonly side: number; readonly domain: Domain; readonly random: Random },
): Promise<RawImage> {
  const background = await sheet.background(random.integer(sheet.backgrounds), side);
  const canvas = withoutAlpha(background);
  const shift = ((random.uniform() - 0.5) * side) / 2;
  for (const { group, x, y, cell } of placesOf(scene, side, shift)) {
    const sprite = await sheet.thing(group, Math.round(cell * FILLED[group.size]));
    const play = (cell - sprite.side) / 2;
    const left = Math.round(x - sprite.side / 2 + (random.uniform() * 2 - 1) * play);
    const top = Math.round(y - sprite.side / 2 + (random.uniform() * 2 - 1) * play);
    blend(canvas, side, sprite, left, top);
  }
  const image = { pixels: canvas, width: side, height: side };
  return domain === 'photographic' ? photograph(image, random) : image;
}

interface Place {
  readonly group: SceneGroup;
  /** Middle and side of the cell, pixels. */
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

/** The whole scene stands `shift` pixels off the middle across its arrangement, as far as there is room. */
function placesOf({ arrangement, groups }: Scene, side: number, shift: number): Place[] {
  const [only] = groups;
  const lone = groups.length === 1 && only ? only.count : 0;
  const columns = lone > 0 ? lone : groups.length;
  const cell = lone === 1 ? side * 0.8 : side / columns;
  const rows = lone > 0 ? 1 : Math.max(...groups.map(({ count }) => count));
  const room = (side - rows * cell) / 2;
  const middle = side / 2 + Math.max(-room, Math.min(room, shift));
  return Array.from({ length: columns }, (_, column) => {
    const group = groups[lone > 0 ? 0 : column] as SceneGroup;
    const across = lone > 0 ? 1 : group.count;
    return Array.from({ length: across }, (_, row) => {
      const main = ((column + 0.5) * side) / columns;
      const cross = middle + (row - (across - 1) / 2) * cell;
      return arrangement === 'row' ? { group, x: main, y: cross, cell } : { group, x: cross, y: main, cell };
    });
  }).flat();
}

function withoutAlpha({ pixels }: Sprite): Uint8Array {
  const result = new Uint8Array((pixels.length / 4) * 3);
  for (let i = 0, o = 0; i < pixels.length; i += 4, o += 3) result.set(pixels.subarray(i, i + 3), o);
  return result;
}

/** Lays a sprite over the canvas; what stands over the edge is cut. */
function blend(canvas: Uint8Array, side: number, sprite: Sprite, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(sprite.side, side - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(sprite.side, side - left); x++) {
      const from = (y * sprite.side + x) * 4;
      const to = ((y + top) * side + x + left) * 3;
      const alpha = (sprite.pixels[from + 3] as number) / 255;
      for (let channel = 0; channel < 3; channel++) {
        const below = canvas[to + channel] as number;
        canvas[to + channel] = Math.round(below + ((sprite.pixels[from + channel] as number) - below) * alpha);
      }
    }
  }
}
