/** Our resize and centre crop beside torchvision's on photographs of odd sizes. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { decodeImage, preprocessImage, type ImagePreprocessing } from '@azclip/data';

import { goldenFolder, type Comparison } from './golden.ts';

const photographs = new URL('../data/webdataset/images/', goldenFolder);

/** The mean absolute difference over all photographs, of 255; the largest of a photograph. */
async function worstOf(interpolation: 'bilinear' | 'bicubic'): Promise<number> {
  const settings: ImagePreprocessing = {
    ...{ size: 224, resize: 256, fit: 'crop', interpolation },
    ...{ mean: [0, 0, 0], std: [1, 1, 1] },
  };
  let worst = 0;
  for (const name of readdirSync(photographs)) {
    const ours = await preprocessImage({ path: fileURLToPath(new URL(name, photographs)) }, settings);
    const path = fileURLToPath(new URL(`pixels/${name.replace('.jpg', `-${interpolation}.png`)}`, goldenFolder));
    const { pixels } = await decodeImage({ path });
    const sum = pixels.reduce((total, value, i) => total + Math.abs(value - 255 * (ours[i] ?? NaN)), 0);
    worst = Math.max(worst, sum / pixels.length);
  }
  return worst;
}

/** Holds preprocessing against the golden pictures. */
export async function comparePixels(): Promise<readonly Comparison[]> {
  return [
    { what: 'bilinear, mean difference of 255', worst: await worstOf('bilinear'), limit: 1 },
    { what: 'bicubic, mean difference of 255', worst: await worstOf('bicubic'), limit: 1 },
  ];
}
