import sharp from 'sharp';

import type { ScenesConfig } from '../readers/reader-configs.ts';
import type { SceneGroup } from './scene.ts';

/** Looks of the pictures. */
export type Domain = ScenesConfig['domain'];

/** A picture with transparency: RGBA, row by row. */
export interface Sprite {
  readonly pixels: Uint8Array;
  readonly side: number;
}

/** Backgrounds, pale so that the eight colours stand out; a path over a ground, in a box of 100 × 100. */
const BACKGROUNDS: Readonly<Record<Domain, readonly string[]>> = {
  flat: [
    ground('#dfeefa', '<path fill="#dcebcf" d="M0 72h100v28H0z"/>'),
    ground('#f6eedd', '<path fill="#ecdfc4" d="M0 80q25-12 50-4t50-2v26H0z"/>'),
    ground('#e9e9ee', ''),
    ground('#f3e6ea', '<path fill="#e6d5da" d="M0 84h100v16H0z"/>'),
    ground('#e2f1ee', '<path fill="#cfe5e1" d="M0 66l30-14 24 12 20-10 26 12v34H0z"/>'),
    ground('#ece8f5', '<path fill="#ded8ec" d="M0 0h100v30H0z"/>'),
  ],
  sketch: [ground('#d9c8a9', ''), ground('#c9ccd0', ''), ground('#d6d2c4', '')],
  photographic: [
    ground('#b9cfe0', '<path fill="#a9c19a" d="M0 66h100v34H0z"/>'),
    ground('#d8c9ac', '<path fill="#c2ad88" d="M0 72q30-10 60 0t40-4v32H0z"/>'),
    ground('#c3c3c8', '<path fill="#a9a9b0" d="M0 78h100v22H0z"/>'),
    ground('#cdbfb4', '<path fill="#b39d8b" d="M0 74h100v26H0z"/>'),
  ],
};

function ground(colour: string, path: string): string {
  return `<path fill="${colour}" d="M0 0h100v100H0z"/>${path}`;
}

/** Draws each sprite and background once and keeps it. */
export class SpriteSheet {
  readonly #domain: Domain;
  readonly #drawn = new Map<string, Promise<Sprite>>();

  /** @param domain - the look of everything on the sheet. */
  constructor(domain: Domain) {
    this.#domain = domain;
  }

  /** How many backgrounds there are. */
  get backgrounds(): number {
    return BACKGROUNDS[this.#domain].length;
  }

  /** Background number `index`, `side` × `side`. */
  background(index: number, side: number): Promise<Sprite> {
    return this.#draw(`background ${String(index)}`, side, () => BACKGROUNDS[this.#domain][index] ?? '');
  }

  /** One thing of a group, `side` × `side`. */
  thing({ kind, colour }: SceneGroup, side: number): Promise<Sprite> {
    return this.#draw(`${colour.en} ${kind.en}`, side, () => {
      const line = colour.en === 'black' ? '#8d8d96' : '#26262c';
      if (this.#domain === 'sketch') {
        const ink = `<g stroke="${colour.hex}" stroke-width="5" fill-opacity=".25">${kind.draw(colour.hex, colour.hex)}</g>`;
        return `<g stroke-linecap="round">${ink}</g>`;
      }
      return `<g stroke="${line}" stroke-width="3">${kind.draw(colour.hex, line)}</g>`;
    });
  }

  #draw(name: string, side: number, body: () => string): Promise<Sprite> {
    const key = `${name} ${String(side)}`;
    const known = this.#drawn.get(key);
    if (known) return known;
    const drawing = rasterise(body(), side);
    this.#drawn.set(key, drawing);
    return drawing;
  }
}

async function rasterise(body: string, side: number): Promise<Sprite> {
  const size = String(side);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100"
    stroke-linejoin="round">${body}</svg>`;
  return { pixels: await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer(), side };
}
