import { batchNormKeys, convKeys, linearKeys, type KeyMap, type KeyRule } from './key-map.ts';

/** A convolution and the batch norm behind it, of one name or two. */
export const convNormKeys = (
  conv: string,
  norm: string,
  ours: string,
  layout: 'conv' | 'depthwise' = 'conv',
): KeyRule[] => [...convKeys(conv, ours, { layout }), ...batchNormKeys(norm, `${ours}.norm`)];

/** Counters that PyTorch keeps beside running statistics. */
export const isCounter = (stored: string): boolean => stored.endsWith('num_batches_tracked');

/** Keys of torchvision's and timm's ResNets, which are the same.
 * @param depths - blocks of each stage.  @param units - convolutions of a block: 2 basic, 3 bottleneck. */
export function resnetKeyMap(depths: readonly number[], units: 2 | 3): KeyMap {
  const block = (stored: string, ours: string): KeyRule[] => [
    ...Array.from({ length: units }, (_, i) =>
      convNormKeys(`${stored}.conv${String(i + 1)}`, `${stored}.bn${String(i + 1)}`, `${ours}.units.${String(i)}`),
    ).flat(),
    ...convNormKeys(`${stored}.downsample.0`, `${stored}.downsample.1`, `${ours}.shortcut`),
  ];
  return {
    name: 'torchvision or timm ResNet',
    rules: [
      ...convNormKeys('conv1', 'bn1', 'stem'),
      ...depths.flatMap((depth, i) =>
        Array.from({ length: depth }, (_, j) =>
          block(`layer${String(i + 1)}.${String(j)}`, `stage${String(i + 1)}.${String(j)}`),
        ).flat(),
      ),
    ],
    ignores: (stored) => isCounter(stored) || stored.startsWith('fc.'),
  };
}

/** A linear map that is stored as a 1 × 1 convolution. */
export const pointwiseKeys = (stored: string, ours: string): KeyRule[] =>
  linearKeys(stored, ours).map((rule) => (rule.layout === 'linear' ? { ...rule, layout: 'conv' } : rule));
