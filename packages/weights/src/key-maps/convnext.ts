import { convKeys, linearKeys, normKeys, sameKey, type KeyMap, type KeyRule } from './key-map.ts';

interface Names {
  readonly library: string;
  readonly stem: string;
  readonly downsample: (stage: number) => string;
  readonly block: (stage: number, index: number) => string;
  readonly parts: Readonly<Record<'layerScale' | 'depthwise' | 'norm' | 'up' | 'down', string>>;
  readonly head: string;
  readonly ignores: RegExp;
}

const torchvision: Names = {
  library: 'torchvision',
  stem: 'features.0',
  downsample: (stage) => `features.${String(2 * stage)}`,
  block: (stage, index) => `features.${String(2 * stage + 1)}.${String(index)}`,
  parts: { layerScale: 'layer_scale', depthwise: 'block.0', norm: 'block.2', up: 'block.3', down: 'block.5' },
  head: 'classifier.0',
  ignores: /^classifier\.2\./u,
};

const timm: Names = {
  library: 'timm',
  stem: 'stem',
  downsample: (stage) => `stages.${String(stage)}.downsample`,
  block: (stage, index) => `stages.${String(stage)}.blocks.${String(index)}`,
  parts: { layerScale: 'gamma', depthwise: 'conv_dw', norm: 'norm', up: 'mlp.fc1', down: 'mlp.fc2' },
  head: 'head.norm',
  ignores: /^head\.fc\./u,
};

/** Keys of a ConvNeXt.
 * @param depths - blocks of each stage. */
export function convnextKeyMap(library: 'torchvision' | 'timm', depths: readonly number[]): KeyMap {
  const names = library === 'timm' ? timm : torchvision;
  const block = (stored: string, ours: string): KeyRule[] => [
    sameKey(`${stored}.${names.parts.layerScale}`, `${ours}.layerScale`),
    ...convKeys(`${stored}.${names.parts.depthwise}`, `${ours}.depthwise`, { layout: 'depthwise', bias: true }),
    ...normKeys(`${stored}.${names.parts.norm}`, `${ours}.norm`),
    ...linearKeys(`${stored}.${names.parts.up}`, `${ours}.up`),
    ...linearKeys(`${stored}.${names.parts.down}`, `${ours}.down`),
  ];
  const downsample = (i: number): KeyRule[] => [
    ...normKeys(`${names.downsample(i)}.0`, `stage${String(i + 1)}.downsample.norm`),
    ...convKeys(`${names.downsample(i)}.1`, `stage${String(i + 1)}.downsample.conv`, { bias: true }),
  ];
  return {
    name: `${library} ConvNeXt`,
    rules: [
      ...convKeys(`${names.stem}.0`, 'stem.conv', { bias: true }),
      ...normKeys(`${names.stem}.1`, 'stem.norm'),
      ...depths.flatMap((depth, i) => [
        ...(i > 0 ? downsample(i) : []),
        ...Array.from({ length: depth }, (_, j) =>
          block(names.block(i, j), `stage${String(i + 1)}.blocks.${String(j)}`),
        ).flat(),
      ]),
      ...normKeys(names.head, 'head.norm'),
    ],
    ignores: (stored) => names.ignores.test(stored),
  };
}
