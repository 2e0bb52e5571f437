import type { BlockForm } from './block.ts';
import type { InvertedResidualForm } from './inverted-residual-network.ts';
import { roundedChannels } from './padding.ts';

type Row = readonly [
  kernel: number,
  expanded: number,
  channels: number,
  squeeze: 0 | 1,
  activation: 'RE' | 'HS',
  stride: number,
];

/** Tables 1 and 2 of the paper; a stage ends where resolution or width changes (the grouping of timm). */
const rows: Readonly<Record<'large' | 'small', readonly (readonly Row[])[]>> = {
  large: [
    [[3, 16, 16, 0, 'RE', 1]],
    [
      [3, 64, 24, 0, 'RE', 2],
      [3, 72, 24, 0, 'RE', 1],
    ],
    [
      [5, 72, 40, 1, 'RE', 2],
      [5, 120, 40, 1, 'RE', 1],
      [5, 120, 40, 1, 'RE', 1],
    ],
    [
      [3, 240, 80, 0, 'HS', 2],
      [3, 200, 80, 0, 'HS', 1],
      [3, 184, 80, 0, 'HS', 1],
      [3, 184, 80, 0, 'HS', 1],
    ],
    [
      [3, 480, 112, 1, 'HS', 1],
      [3, 672, 112, 1, 'HS', 1],
    ],
    [
      [5, 672, 160, 1, 'HS', 2],
      [5, 960, 160, 1, 'HS', 1],
      [5, 960, 160, 1, 'HS', 1],
    ],
  ],
  small: [
    [[3, 16, 16, 1, 'RE', 2]],
    [
      [3, 72, 24, 0, 'RE', 2],
      [3, 88, 24, 0, 'RE', 1],
    ],
    [
      [5, 96, 40, 1, 'HS', 2],
      [5, 240, 40, 1, 'HS', 1],
      [5, 240, 40, 1, 'HS', 1],
    ],
    [
      [5, 120, 48, 1, 'HS', 1],
      [5, 144, 48, 1, 'HS', 1],
    ],
    [
      [5, 288, 96, 1, 'HS', 2],
      [5, 576, 96, 1, 'HS', 1],
      [5, 576, 96, 1, 'HS', 1],
    ],
  ],
};

/** What tells apart the MobileNetV3 of two libraries. */
export interface MobilenetV3Options {
  /** Epsilon of the norms: 1e-3 in torchvision, 1e-5 in timm. */
  readonly epsilon: number;
  /** Keeps the linear map behind the average, as timm's features do: 1280 (large) or 1024 (small) features. */
  readonly hidden: boolean;
}

/** MobileNetV3.
 * @see Howard et al. 2019 — https://arxiv.org/abs/1905.02244 */
export const mobilenetV3 = (
  size: 'large' | 'small',
  { epsilon, hidden }: MobilenetV3Options,
): InvertedResidualForm => ({
  stem: 16,
  stages: rows[size].map((stage) => stage.map(blockOf)),
  last: size === 'large' ? 960 : 576,
  activation: 'hardswish',
  ...(hidden ? { hidden: size === 'large' ? 1280 : 1024 } : {}),
  stochasticDepth: 0,
  constants: {
    norm: { epsilon, momentum: 0.01 },
    padding: 'torch',
    squeeze: { activation: 'relu', gate: 'hardsigmoid' },
  },
});

const blockOf = ([kernel, expanded, channels, squeeze, activation, stride]: Row): BlockForm => ({
  kernel,
  stride,
  expanded,
  channels,
  squeezed: squeeze ? roundedChannels(expanded / 4) : 0,
  activation: activation === 'RE' ? 'relu' : 'hardswish',
});
