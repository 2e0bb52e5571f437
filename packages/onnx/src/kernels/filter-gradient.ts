import { sizeOf } from '../graph/constants.ts';
import type { Value } from '../graph/graph.ts';
import type { Window } from '../operators/convolution.ts';
import { gemm, matMul } from '../operators/linear.ts';
import { reduce } from '../operators/reduce.ts';
import { concat, pad, reshape, stridedSlice, transpose } from '../operators/shape.ts';

/** Places of an image up to which all images of the batch are rows of one product; above, each has a product of its own, and
 * the products are added (docs/decisions/0142). */
const largestOfOneProduct = 1024;

/** The gradient of a convolution by its filter: every tap sees a shifted image, and its part is that image, transposed, times
 * `dy`.
 * @param x - [batch, height, width, in].  @param dy - [batch, ...window.output, out].
 * @returns [taps · in, out], tap by tap, row by row of the filter. */
export function filterGradient(x: Value, dy: Value, window: Window): Value {
  if (sizeOf(window.output) > largestOfOneProduct) return byImages(x, dy, window);
  const [top, left, bottom, right] = window.pads;
  const framed = pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
  return window.strides[0] === 1 ? byFilterRows(framed, dy, window) : byTaps(framed, dy, window);
}

/** Image by image, in planes: the shifted planes of an image are the rows of a matrix as they are, without a transpose. */
function byImages(x: Value, dy: Value, window: Window): Value {
  const { kernel, pads, output } = window;
  const [top, left, bottom, right] = pads;
  const planes = transpose(x, [0, 3, 1, 2]);
  const framed = pad(planes, [[0, 0], [0, 0], [top, bottom], [left, right]]); // prettier-ignore
  const [batch = 0, channels = 0] = planes.shape;
  const taps = Array.from({ length: kernel[0] * kernel[1] }, (_, tap) =>
    seenBy(framed, 2, [Math.floor(tap / kernel[1]), tap % kernel[1]], window),
  );
  const columns = reshape(concat(taps, 1), [batch, taps.length * channels, sizeOf(output)]);
  const products = matMul(columns, reshape(dy, [batch, sizeOf(output), dy.shape[3] ?? 0]));
  return reduce('ReduceSum', products, [0], false);
}

/** With step 1 downwards a shift down is a shift of whole rows, which `dy` can take instead, padded with rows of zeros: only
 * the taps of one row of the filter are laid out, a third of the memory of all for a 3 × 3 filter. They are the left operand of all
 * products: the images are turned into planes once, and a tap is a slice of these. */
function byFilterRows(framed: Value, dy: Value, window: Window): Value {
  const { kernel, dilations, output } = window;
  const planes = transpose(framed, [3, 0, 1, 2]); // [in, batch, height, width]
  const height = planes.shape[2] ?? 0;
  const rows = { ...window, output: [height, output[1]] } as const;
  const seen = concat(
    Array.from({ length: kernel[1] }, (_, column) => seenBy(planes, 2, [0, column], rows)),
    0,
  );
  const turned = reshape(seen, [seen.shape[0] ?? 0, sizeOf(seen.shape.slice(1))]); // [width of the filter · in, batch · height · outWidth]
  const parts = Array.from({ length: kernel[0] }, (_, row) => {
    const above = row * dilations[0];
    const shifted = pad(dy, [[0, 0], [above, height - output[0] - above], [0, 0], [0, 0]]); // prettier-ignore
    return gemm(turned, toRows(shifted));
  });
  return concat(parts, 0);
}

/** With larger steps all taps are laid side by side. */
function byTaps(framed: Value, dy: Value, window: Window): Value {
  const [height, width] = window.kernel;
  const taps = Array.from({ length: height * width }, (_, tap) =>
    seenBy(framed, 1, [Math.floor(tap / width), tap % width], window),
  );
  return gemm(toRows(concat(taps, 3)), toRows(dy), { transposeA: true });
}

/** What a tap of the filter sees: `framed` with the height and the width of the output.
 * @param axis - of the height; that of the width is the next.  @param tap - its row and its column in the filter. */
function seenBy(
  framed: Value,
  axis: number,
  tap: readonly [row: number, column: number],
  { strides, dilations, output }: Window,
): Value {
  const begin = [tap[0] * dilations[0], tap[1] * dilations[1]] as const;
  const end = [begin[0] + (output[0] - 1) * strides[0] + 1, begin[1] + (output[1] - 1) * strides[1] + 1];
  const shape = framed.shape.with(axis, output[0]).with(axis + 1, output[1]);
  return stridedSlice(framed, [axis, axis + 1], { begin, end, step: strides }, shape);
}

/** [batch, height, width, channels] → [batch · height · width, channels] */
const toRows = (x: Value): Value => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 0]);
