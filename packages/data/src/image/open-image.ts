import { imageName, type ImageSource } from '../pair.ts';
import { checkedPixels, corrupt, decodeWithLibvips } from './decode-with-libvips.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { readImageBytes, type EncodedImage } from './image-bytes.ts';
import { readJpegFrame, type JpegFrame } from './jpeg-frame.ts';
import { pixelKernel, type PixelKernel } from './pixel-kernel.ts';
import type { RawImage, Rectangle } from './raw-image.ts';

/** A plain JPEG, whose pixels are decoded where they are needed. */
interface OpenJpeg {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly frame: JpegFrame;
}

/** An image of known size. */
export type OpenImage = OpenJpeg | RawImage;

/** Reads an image so far that its size is known: all of it, unless it is a plain JPEG.
 * @throws {CorruptImageError} if the image is missing, or no plain JPEG and damaged. */
export async function openImage(source: ImageSource): Promise<OpenImage> {
  if ('pixels' in source) return checkedPixels(source);
  const name = imageName(source);
  const bytes = await readBytes(source, name);
  const frame = readJpegFrame(bytes);
  if (!frame) return decodeWithLibvips(bytes, name);
  return { width: frame.width, height: frame.height, name, bytes, frame };
}

async function readBytes(source: EncodedImage, name: string): Promise<Uint8Array> {
  try {
    return await readImageBytes(source);
  } catch (error) {
    throw corrupt(name, error);
  }
}

/** Where the kernel's work begins: pixels in its memory, or elsewhere. */
export interface KernelImage {
  readonly kernel: PixelKernel;
  /** [height, width, 3]: an address, or the bytes themselves. */
  readonly pixels: number | Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Place of the first pixel in the whole image. */
  readonly left: number;
  readonly top: number;
}

/** Decodes a region of an image, or all of it where its format has no short way. A JPEG that the fast decoder finds
 * damaged is judged by libvips.
 * @throws {CorruptImageError} if the image cannot be decoded whole. */
export async function decodeRegion(image: OpenImage, region: Rectangle): Promise<KernelImage> {
  if ('frame' in image) {
    const kernel = pixelKernel();
    const pixels = decodeJpeg(kernel, image.bytes, image.frame, region);
    if (pixels !== undefined) return { kernel, pixels, ...region };
  }
  const { pixels, width, height } = 'frame' in image ? await decodeWithLibvips(image.bytes, image.name) : image;
  return { kernel: pixelKernel(), pixels, width, height, left: 0, top: 0 };
}
