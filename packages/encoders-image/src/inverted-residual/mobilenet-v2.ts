import type { BlockForm } from './block.ts';
import type { InvertedResidualForm } from './inverted-residual-network.ts';
import { roundedChannels, type PaddingStyle } from './padding.ts';

/** Expansion, channels, blocks and first stride of each stage: table 2 of the paper. */
const rows = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** MobileNetV2 of any width.
 * @param width - factor of the channels; the last convolution keeps 1280 below 1.
 * @param source - whose weights it is to take: torchvision's, or those of Keras, which pads and normalises otherwise.
 * @see Sandler et al. 2018 — https://arxiv.org/abs/1801.04381 */
export function mobilenetV2(width: number, source: 'torchvision' | 'keras'): InvertedResidualForm {
  const stem = roundedChannels(32 * width);
  let inChannels = stem;
  const stages = rows.map(([expansion, base, count, stride]) => {
    const channels = roundedChannels(base * width);
    return Array.from({ length: count }, (_, i): BlockForm => {
      const form = { kernel: 3, stride: i === 0 ? stride : 1, expanded: expansion * inChannels, channels };
      inChannels = channels;
      return { ...form, squeezed: 0, activation: 'relu6' };
    });
  });
  return {
    stem,
    stages,
    last: width > 1 ? roundedChannels(1280 * width) : 1280,
    activation: 'relu6',
    stochasticDepth: 0,
    constants: { ...constantsOf[source], squeeze: { activation: 'relu', gate: 'sigmoid' } },
  };
}

const constantsOf: Readonly<
  Record<'torchvision' | 'keras', { norm: { epsilon: number; momentum: number }; padding: PaddingStyle }>
> = {
  torchvision: { norm: { epsilon: 1e-5, momentum: 0.1 }, padding: 'torch' },
  keras: { norm: { epsilon: 1e-3, momentum: 0.001 }, padding: 'tensorflow' },
};
