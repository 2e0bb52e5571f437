import type { BlockForm } from './block.ts';
import type { InvertedResidualForm } from './inverted-residual-network.ts';

/** Expansion, kernel, first stride, channels and blocks of each stage: table 1 of the paper. */
const rows = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

/** EfficientNet-B0.
 * @param stochasticDepth - probability behind the last block; 0.2 in the paper.
 * @see Tan, Le 2019 — https://arxiv.org/abs/1905.11946 */
export function efficientnetB0(stochasticDepth: number): InvertedResidualForm {
  let inChannels = 32;
  const stages = rows.map(([expansion, kernel, stride, channels, count]) =>
    Array.from({ length: count }, (_, i): BlockForm => {
      const expanded = expansion * inChannels;
      const squeezed = Math.max(1, Math.floor(inChannels / 4)); // a quarter of what enters the block
      inChannels = channels;
      return { kernel, stride: i === 0 ? stride : 1, expanded, channels, squeezed, activation: 'silu' };
    }),
  );
  return {
    stem: 32,
    stages,
    last: 1280,
    activation: 'silu',
    stochasticDepth,
    constants: {
      norm: { epsilon: 1e-5, momentum: 0.1 },
      padding: 'torch',
      squeeze: { activation: 'silu', gate: 'sigmoid' },
    },
  };
}
