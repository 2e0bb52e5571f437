import type { Value } from '../graph/graph.ts';
import { pad, reshape, slice, stridedSlice, transpose } from '../operators/shape.ts';
import type { WindowInfo } from './window.ts';

/** Whether no two windows share an entry and none meets padding, so that the convolution is a plain matrix product:
 * kernels of 1 × 1, with any stride, and patches that tile the image. Images are channels last. */
export function hasDisjointWindows(info: WindowInfo): boolean {
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth, dataFormat } = info;
  const isPadded = padInfo.top + padInfo.left + padInfo.bottom + padInfo.right > 0;
  const isPoint = filterHeight === 1 && filterWidth === 1;
  const tiles =
    filterHeight === strideHeight &&
    filterWidth === strideWidth &&
    info.inHeight === info.outHeight * filterHeight &&
    info.inWidth === info.outWidth * filterWidth &&
    info.dilationHeight * info.dilationWidth === 1;
  return dataFormat === 'channelsLast' && !isPadded && (isPoint || tiles);
}

const order = [0, 1, 3, 2, 4, 5]; // rows of patches ↔ columns of patches; its own inverse

/** The windows as rows of a matrix, [batch · outHeight · outWidth, kernel height · kernel width · channels]. */
export function rowsOfPatches(x: Value, info: WindowInfo): Value {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const seen = filterHeight * filterWidth === 1 ? everyStep(x, info) : x;
  const tiles = reshape(seen, [batchSize, outHeight, filterHeight, outWidth, filterWidth, inChannels]);
  return reshape(transpose(tiles, order), [batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels]);
}

/** The adjoint of `rowsOfPatches`: the images whose windows are the rows; entries that no window sees are 0. */
export function imagesOfPatches(rows: Value, info: WindowInfo): Value {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const tiles = reshape(rows, [batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels]);
  const [height, width] = [outHeight * filterHeight, outWidth * filterWidth];
  const images = reshape(transpose(tiles, order), [batchSize, height, width, inChannels]);
  return filterHeight * filterWidth === 1 ? spread(images, info) : images;
}

/** Every `stride`-th row and column. */
function everyStep(x: Value, { strideHeight, strideWidth, inHeight, inWidth, outHeight, outWidth }: WindowInfo): Value {
  if (strideHeight * strideWidth === 1) return x;
  const [batch = 0, , , channels = 0] = x.shape;
  const steps = { begin: [0, 0], end: [inHeight, inWidth], step: [strideHeight, strideWidth] };
  return stridedSlice(x, [1, 2], steps, [batch, outHeight, outWidth, channels]);
}

/** The adjoint of `everyStep`: zeros in between. */
function spread(x: Value, { strideHeight, strideWidth, inHeight, inWidth }: WindowInfo): Value {
  if (strideHeight * strideWidth === 1) return x;
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const none = [0, 0] as const;
  const cells = reshape(x, [batch, height, 1, width, 1, channels]);
  const padded = pad(cells, [none, none, [0, strideHeight - 1], none, [0, strideWidth - 1], none]);
  const [tall, wide] = [height * strideHeight, width * strideWidth];
  const lattice = reshape(padded, [batch, tall, wide, channels]);
  const seen = slice(lattice, [0, 0, 0, 0], [batch, Math.min(tall, inHeight), Math.min(wide, inWidth), channels]);
  return pad(seen, [none, [0, Math.max(0, inHeight - tall)], [0, Math.max(0, inWidth - wide)], none]);
}
