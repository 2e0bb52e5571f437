import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeTestModel } from '@azclip/retrieval/testing';
import sharp from 'sharp';

/** A folder with a test model and photographs of one colour each. */
export interface TestFolder {
  readonly folder: string;
  readonly model: string;
  readonly photos: string;
  /** Draws another photograph. */
  draw(file: string, color: string): Promise<void>;
  remove(): Promise<void>;
}

/** Sure of hits whose cosine is above ½. */
const relevance = { offset: -25, perScore: 50, perSize: 0, missed: 0, falseAlarms: 0 };

/** Makes a test model and, named for their colours, red, green, blue, yellow and white photographs, some with captions
 * and facts. */
export async function makeTestFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'retrieval-'));
  const [model, photos] = [join(folder, 'model'), join(folder, 'photos')];
  await mkdir(photos);
  await writeTestModel(model, { relevance });
  const draw = async (file: string, background: string): Promise<void> => {
    await sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toFile(join(photos, file));
  };
  const colors = { red: '#f00', green: '#0f0', blue: '#00f', yellow: '#ff0', white: '#fff' };
  for (const [name, color] of Object.entries(colors)) await draw(`${name}.png`, color);
  const known = [
    { image: 'red.png', captions: ['qırmızı divar', 'a red wall'], album: 'yay', year: 1999 },
    { image: 'green.png', captions: [], album: 'yay', year: 2001 },
    { image: 'blue.png', captions: [], album: 'qış', year: 2001 },
  ];
  await writeFile(join(photos, 'captions.jsonl'), known.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { folder, model, photos, draw, remove: () => rm(folder, { recursive: true }) };
}
