import { imagePreprocessing, type ImagePreprocessing } from '../config.ts';
import { fitImage, preprocessImage } from './preprocess-image.ts';

const base: ImagePreprocessing = {
  size: 2,
  resize: 2,
  fit: 'crop',
  interpolation: 'bilinear',
  mean: [0.5, 0, 0],
  std: [0.5, 1, 2],
};

it('normalises by channel: (x / 255 − mean) / std', async () => {
  const source = { pixels: Uint8Array.from([255, 255, 255, 0, 51, 102]), width: 2, height: 1, name: 'x' };
  const pixels = await preprocessImage(source, { ...base, size: 1, resize: 1, fit: 'squash' });
  // squash of two to one averages: 127.5 → 128, 153, 178.5 → 179
  expect(pixels).toBeAllClose([(128 / 255 - 0.5) / 0.5, 153 / 255, 179 / 255 / 2]);
  const rgb = await preprocessImage(
    { ...source, pixels: Uint8Array.from([255, 51, 102]), width: 1 },
    { ...base, size: 1, resize: 1 },
  );
  expect(rgb).toBeAllClose([1, 0.2, 0.2]);
});

it('cuts the centre, odd margins to the even side', () => {
  const columns = (width: number) => ({
    pixels: Uint8Array.from({ length: width * 2 * 3 }, (_, i) => Math.floor(i / 3) % width),
    width,
    height: 2,
  });
  const firstOf = (width: number) => fitImage(columns(width), base).pixels[0];
  expect([4, 5, 7, 9].map(firstOf)).toEqual([1, 2, 2, 4]); // round half to even: 1, 1.5 → 2, 2.5 → 2, 3.5 → 4
});

it('keeps a picture of the right size as it is', () => {
  const image = { pixels: Uint8Array.from({ length: 12 }, (_, i) => i * 20), width: 2, height: 2 };
  expect(fitImage(image, base)).toBe(image);
});

it('refuses a crop larger than what it is cut from', () => {
  expect(imagePreprocessing.safeParse({ ...base, size: 3 }).error?.issues[0]?.path).toEqual(['resize']);
});
