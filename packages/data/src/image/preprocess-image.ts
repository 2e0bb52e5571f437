import type { ImagePreprocessing } from '../config.ts';
import type { ImageSource } from '../pair.ts';
import { decodeRegion, openImage } from './open-image.ts';
import type { RawImage } from './raw-image.ts';
import { resample, resampleInto, type ResampleOptions } from './resample.ts';

/** Decodes an image and makes a tower's input of it: resize, centre crop, normalise.
 * @returns [size, size, 3], RGB, (x / 255 − mean) / std.
 * @throws {CorruptImageError} if the image cannot be decoded whole. */
export async function preprocessImage(source: ImageSource, preprocessing: ImagePreprocessing): Promise<Float32Array> {
  const result = new Float32Array(preprocessing.size ** 2 * 3);
  await preprocessInto(source, preprocessing, result);
  return result;
}

/** The same into memory that is there.
 * @param result - [size, size, 3]. */
export async function preprocessInto(
  source: ImageSource,
  preprocessing: ImagePreprocessing,
  result: Float32Array,
): Promise<void> {
  const image = await openImage(source);
  const { width, height } = image;
  const decoded = await decodeRegion(image, { left: 0, top: 0, width, height });
  const { mean, std } = preprocessing;
  resampleInto(decoded, { ...fitting(image, preprocessing), mean, std }, result);
}

/** Brings an image to the square of a tower: squashed whole, or short side to `resize` and the centre cut out. */
export function fitImage(image: RawImage, preprocessing: ImagePreprocessing): RawImage {
  const { size, resize, fit } = preprocessing;
  if (image.width === size && image.height === size && (fit === 'squash' || resize === size)) return image;
  return resample(image, fitting(image, preprocessing));
}

/** How an image is brought to the square. The roundings are torchvision's: long side down, odd margins to the even side. */
function fitting(
  image: Pick<RawImage, 'width' | 'height'>,
  { size, resize, fit, interpolation }: ImagePreprocessing,
): ResampleOptions {
  if (fit === 'squash') return { width: size, height: size, interpolation };
  const short = Math.min(image.width, image.height);
  const width = Math.trunc((resize * image.width) / short);
  const height = Math.trunc((resize * image.height) / short);
  const window = { left: evenHalf(width - size), top: evenHalf(height - size), width: size, height: size };
  return { width, height, interpolation, window };
}

/** Half of a whole number, halves rounded to even. */
function evenHalf(value: number): number {
  const half = Math.floor(value / 2);
  return value % 2 === 0 || half % 2 === 0 ? half : half + 1;
}

/** (x / 255 − mean) / std by channel.
 * @returns [height, width, 3]. */
export function normaliseImage(
  { pixels }: RawImage,
  { mean, std }: Pick<ImagePreprocessing, 'mean' | 'std'>,
): Float32Array {
  const result = new Float32Array(pixels.length);
  normaliseInto(pixels, { mean, std }, result);
  return result;
}

/** Writes (x / 255 − mean) / std by channel.
 * @param result - as long as `pixels`. */
export function normaliseInto(
  pixels: Uint8Array,
  { mean, std }: Pick<ImagePreprocessing, 'mean' | 'std'>,
  result: Float32Array,
): void {
  const [a, b, c] = [1 / (255 * std[0]), 1 / (255 * std[1]), 1 / (255 * std[2])];
  const [p, q, r] = [-mean[0] / std[0], -mean[1] / std[1], -mean[2] / std[2]];
  for (let i = 0; i < pixels.length; i += 3) {
    result[i] = (pixels[i] as number) * a + p;
    result[i + 1] = (pixels[i + 1] as number) * b + q;
    result[i + 2] = (pixels[i + 2] as number) * c + r;
  }
}
