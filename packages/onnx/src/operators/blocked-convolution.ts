import { node, type Value } from '../graph/graph.ts';
import type { Window } from './convolution.ts';
import { reshape, transpose } from './shape.ts';

/** ONNX Runtime's own operators on images whose channels lie in blocks, as its optimizer writes them for fixed filters. */
const domain = 'com.microsoft.nchwc';

/** Cross-correlation on images whose channels lie in blocks, which needs no columns of patches (docs/decisions/0147).
 * @param x - [batch, height, width, in].
 * @param filter - [kernel height, width, in, out]; `in` and `out` are multiples of `block`.
 * @param block - channels of a block: `channelBlock()`.
 * @returns [batch, ...window.output, out]. */
export function blockedConv(x: Value, filter: Value, window: Window, block: number): Value {
  const [batch = 0, height = 0, width = 0] = x.shape;
  const [, , inChannels = 0, outChannels = 0] = filter.shape;
  const { kernel, strides, dilations, pads, output } = window;
  const typeOf = (shape: readonly number[]) => ({ dtype: x.dtype, shape });
  const images = node('ReorderInput', [x], typeOf([batch, inChannels, height, width]), {
    attributes: { channels_last: 1 },
    domain,
  });
  const inBlocks = reshape(filter, [...kernel, inChannels / block, block, outChannels / block, block]);
  const ordered = reshape(transpose(inBlocks, [4, 2, 0, 1, 3, 5]), [outChannels, inChannels, ...kernel]);
  const result = node('Conv', [images, ordered], typeOf([batch, outChannels, ...output]), {
    attributes: { kernel_shape: kernel, strides, dilations, pads, group: 1 },
    domain,
  });
  return node('ReorderOutput', [result], typeOf([batch, ...output, outChannels]), {
    attributes: { channels: outChannels, channels_last: 1 },
    domain,
  });
}
