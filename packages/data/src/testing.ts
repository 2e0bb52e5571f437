import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom } from '@azclip/base';
import sharp from 'sharp';

import type { RawImage } from './image/raw-image.ts';

/** Writes files into a new folder, for tests.
 * @returns the folder. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A JPEG of one colour, for tests. */
export async function jpegOf(background = '#c04020', width = 8, height = 8): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

const { sin } = Math;

/** A grey picture of 48 × 48 of random waves, long ones strong as in photographs, for tests. */
export function wavesOf(seed: number): RawImage & { readonly name: string } {
  const random = createRandom(seed);
  const waves = Array.from({ length: 60 }, () => {
    const [u, v] = [random.normal() * 0.3, random.normal() * 0.3];
    return { u, v, phase: random.uniform() * 6, strength: 3 / (0.1 + Math.hypot(u, v)) };
  });
  const pixels = new Uint8ClampedArray(48 * 48 * 3);
  for (let i = 0; i < 48 * 48; i++) {
    const [x, y] = [i % 48, Math.floor(i / 48)];
    const value = waves.reduce((sum, { u, v, phase, strength }) => sum + strength * sin(u * x + v * y + phase), 128);
    pixels.fill(value, i * 3, i * 3 + 3);
  }
  return { pixels: new Uint8Array(pixels.buffer), width: 48, height: 48, name: `waves ${String(seed)}` };
}
