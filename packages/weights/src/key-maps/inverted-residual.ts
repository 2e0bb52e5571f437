import { linearKeys, sameKey, type KeyMap, type KeyRule } from './key-map.ts';
import { convNormKeys, isCounter, pointwiseKeys } from './resnet.ts';

/** What a block of inverted residuals has. */
export interface BlockKeys {
  /** Whether a 1 × 1 convolution widens before the depthwise one. */
  readonly expands: boolean;
  /** Whether squeeze-and-excitation follows it. */
  readonly excites: boolean;
}

/** Blocks of each stage. */
export type StageKeys = readonly (readonly BlockKeys[])[];

/** Walks the blocks in order; `flat` counts them from 0 over all stages. */
const eachBlock = (
  stages: StageKeys,
  rules: (keys: BlockKeys, at: { stage: number; index: number; flat: number }, ours: string) => KeyRule[],
): KeyRule[] =>
  stages.flatMap((blocks, stage) => {
    const before = stages.slice(0, stage).flat().length;
    return blocks.flatMap((keys, index) =>
      rules(keys, { stage, index, flat: before + index }, `stage${String(stage + 1)}.${String(index)}`),
    );
  });

const isHead = (stored: string): boolean => isCounter(stored) || /^classifier\./u.test(stored);

/** `block.0`, `block.1`, …: each unit a convolution (0) and a norm (1), or squeeze-and-excitation. */
function torchvisionBlock(stored: string, ours: string, { expands, excites }: BlockKeys): KeyRule[] {
  let next = 0;
  const unit = (): string => `${stored}.block.${String(next++)}`;
  const convNorm = (name: string, part: string, layout?: 'depthwise'): KeyRule[] =>
    convNormKeys(`${name}.0`, `${name}.1`, `${ours}.${part}`, layout);
  const squeeze = (name: string): KeyRule[] => [
    ...pointwiseKeys(`${name}.fc1`, `${ours}.excite.reduce`),
    ...pointwiseKeys(`${name}.fc2`, `${ours}.excite.expand`),
  ];
  return [
    ...(expands ? convNorm(unit(), 'expand') : []),
    ...convNorm(unit(), 'depthwise', 'depthwise'),
    ...(excites ? squeeze(unit()) : []),
    ...convNorm(unit(), 'project'),
  ];
}

const torchvisionEnds = (last: number): KeyRule[] => [
  ...convNormKeys('features.0.0', 'features.0.1', 'stem'),
  ...convNormKeys(`features.${String(last)}.0`, `features.${String(last)}.1`, 'last'),
];

/** Keys of torchvision's EfficientNets: blocks numbered within their stage. */
export const torchvisionEfficientnetKeyMap = (stages: StageKeys): KeyMap => ({
  name: 'torchvision EfficientNet',
  rules: [
    ...torchvisionEnds(stages.length + 1),
    ...eachBlock(stages, (keys, { stage, index }, ours) =>
      torchvisionBlock(`features.${String(stage + 1)}.${String(index)}`, ours, keys),
    ),
  ],
  ignores: isHead,
});

/** Keys of torchvision's MobileNetV3: blocks numbered through. The linear map of the classifier is read where wanted. */
export const torchvisionMobilenetV3KeyMap = (stages: StageKeys): KeyMap => ({
  name: 'torchvision MobileNetV3',
  rules: [
    ...torchvisionEnds(stages.flat().length + 1),
    ...eachBlock(stages, (keys, { flat }, ours) => torchvisionBlock(`features.${String(flat + 1)}`, ours, keys)),
    ...linearKeys('classifier.0', 'head.hidden'),
  ],
  ignores: isHead,
});

/** Keys of torchvision's MobileNetV2: the last convolution of a block stands without brackets. */
export const torchvisionMobilenetV2KeyMap = (stages: StageKeys): KeyMap => ({
  name: 'torchvision MobileNetV2',
  rules: [
    ...torchvisionEnds(stages.flat().length + 1),
    ...eachBlock(stages, ({ expands }, { flat }, ours) => {
      const conv = (i: number): string => `features.${String(flat + 1)}.conv.${String(i)}`;
      const wide = expands ? 1 : 0;
      return [
        ...(expands ? convNormKeys(`${conv(0)}.0`, `${conv(0)}.1`, `${ours}.expand`) : []),
        ...convNormKeys(`${conv(wide)}.0`, `${conv(wide)}.1`, `${ours}.depthwise`, 'depthwise'),
        ...convNormKeys(conv(wide + 1), conv(wide + 2), `${ours}.project`),
      ];
    }),
  ],
  ignores: isHead,
});

/** `conv_pw`, `conv_dw`, `conv_pwl` with `bn1` to `bn3`; a block that does not widen has `conv_dw`, `conv_pw`. */
function timmBlock(stored: string, ours: string, { expands, excites }: BlockKeys): KeyRule[] {
  const unit = (conv: string, norm: number, part: string, layout?: 'depthwise'): KeyRule[] =>
    convNormKeys(`${stored}.${conv}`, `${stored}.bn${String(norm)}`, `${ours}.${part}`, layout);
  return [
    ...(expands ? unit('conv_pw', 1, 'expand') : []),
    ...unit('conv_dw', expands ? 2 : 1, 'depthwise', 'depthwise'),
    ...(excites ? pointwiseKeys(`${stored}.se.conv_reduce`, `${ours}.excite.reduce`) : []),
    ...(excites ? pointwiseKeys(`${stored}.se.conv_expand`, `${ours}.excite.expand`) : []),
    ...(expands ? unit('conv_pwl', 3, 'project') : unit('conv_pw', 2, 'project')),
  ];
}

/** Keys of timm's EfficientNets and MobileNets. In MobileNetV3 the last convolution is a stage of its own, and
 * `conv_head` the linear map behind the average. */
export const timmInvertedResidualKeyMap = (stages: StageKeys, lastIsStage: boolean): KeyMap => ({
  name: `timm ${lastIsStage ? 'MobileNetV3' : 'EfficientNet or MobileNetV2'}`,
  rules: [
    ...convNormKeys('conv_stem', 'bn1', 'stem'),
    ...eachBlock(stages, (keys, { stage, index }, ours) =>
      timmBlock(`blocks.${String(stage)}.${String(index)}`, ours, keys),
    ),
    ...(lastIsStage
      ? [
          ...convNormKeys(`blocks.${String(stages.length)}.0.conv`, `blocks.${String(stages.length)}.0.bn1`, 'last'),
          ...pointwiseKeys('conv_head', 'head.hidden'),
        ]
      : convNormKeys('conv_head', 'bn2', 'last')),
  ],
  ignores: isHead,
});

const kerasUnit = (conv: string, norm: string, ours: string, kernel = 'kernel'): KeyRule[] => [
  sameKey(`${conv}/${kernel}`, `${ours}.filter`),
  sameKey(`${norm}/gamma`, `${ours}.norm.scale`),
  sameKey(`${norm}/beta`, `${ours}.norm.bias`),
  sameKey(`${norm}/moving_mean`, `${ours}.norm.runningMean`),
  sameKey(`${norm}/moving_variance`, `${ours}.norm.runningVar`),
];

/** Keys of Keras's MobileNetV2, whose layouts are ours; dense layers are passed over. */
export const kerasMobilenetV2KeyMap = (stages: StageKeys): KeyMap => ({
  name: 'Keras MobileNetV2',
  rules: [
    ...kerasUnit('Conv1', 'bn_Conv1', 'stem'),
    ...eachBlock(stages, ({ expands }, { flat }, ours) => {
      const block = flat === 0 ? 'expanded_conv' : `block_${String(flat)}`;
      const unit = (part: string, kernel?: string): KeyRule[] =>
        kerasUnit(`${block}_${part}`, `${block}_${part}_BN`, `${ours}.${part}`, kernel);
      return [...(expands ? unit('expand') : []), ...unit('depthwise', 'depthwise_kernel'), ...unit('project')];
    }),
    ...kerasUnit('Conv_1', 'Conv_1_bn', 'last'),
  ],
  ignores: (stored) => /^(?:dense|Logits|predictions)/u.test(stored),
});
