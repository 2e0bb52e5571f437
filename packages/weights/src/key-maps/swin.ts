import { convKeys, fusedLinearKeys, linearKeys, normKeys, sameKey, type KeyMap, type KeyRule } from './key-map.ts';

interface Names {
  readonly patches: string;
  readonly patchNorm: string;
  /** Of the merging that opens stage `stage`, counted from 0. */
  readonly merge: (stage: number) => string;
  readonly block: (stage: number, index: number) => string;
  readonly up: string;
  readonly down: string;
}

const torchvision: Names = {
  patches: 'features.0.0',
  patchNorm: 'features.0.2',
  merge: (stage) => `features.${String(2 * stage)}`,
  block: (stage, index) => `features.${String(2 * stage + 1)}.${String(index)}`,
  up: 'mlp.0',
  down: 'mlp.3',
};

const timm: Names = {
  patches: 'patch_embed.proj',
  patchNorm: 'patch_embed.norm',
  merge: (stage) => `layers.${String(stage)}.downsample`,
  block: (stage, index) => `layers.${String(stage)}.blocks.${String(index)}`,
  up: 'mlp.fc1',
  down: 'mlp.fc2',
};

/** The authors' own files (and timm's before 0.9) count the merging to the stage that it closes. */
const original: Names = { ...timm, merge: (stage) => timm.merge(stage - 1) };

const namesOf = { torchvision, timm, original } as const;

/** Keys of a Swin transformer.
 * @param library - `original` for the files of the paper's authors.  @param depths - blocks of each stage. */
export function swinKeyMap(library: keyof typeof namesOf, depths: readonly number[]): KeyMap {
  const names: Names = namesOf[library];
  const block = (stored: string, ours: string): KeyRule[] => [
    ...normKeys(`${stored}.norm1`, `${ours}.attentionNorm`),
    sameKey(`${stored}.attn.relative_position_bias_table`, `${ours}.attention.relativeBias`),
    ...fusedLinearKeys(
      `${stored}.attn.qkv.weight`,
      `${stored}.attn.qkv.bias`,
      ['query', 'key', 'value'].map((part) => `${ours}.attention.${part}`),
    ),
    ...linearKeys(`${stored}.attn.proj`, `${ours}.attention.output`),
    ...normKeys(`${stored}.norm2`, `${ours}.ffnNorm`),
    ...linearKeys(`${stored}.${names.up}`, `${ours}.ffn.up`),
    ...linearKeys(`${stored}.${names.down}`, `${ours}.ffn.down`),
  ];
  const merge = (i: number): KeyRule[] => [
    { stored: `${names.merge(i)}.reduction.weight`, ours: `stage${String(i + 1)}.merge.weight`, layout: 'linear' },
    ...normKeys(`${names.merge(i)}.norm`, `stage${String(i + 1)}.merge.norm`),
  ];
  return {
    name: `${library} Swin transformer`,
    rules: [
      ...convKeys(names.patches, 'stem.conv', { bias: true }),
      ...normKeys(names.patchNorm, 'stem.norm'),
      ...depths.flatMap((depth, i) => [
        ...(i > 0 ? merge(i) : []),
        ...Array.from({ length: depth }, (_, j) =>
          block(names.block(i, j), `stage${String(i + 1)}.blocks.${String(j)}`),
        ).flat(),
      ]),
      ...normKeys('norm', 'head.norm'),
    ],
    ignores: (stored) => /^head\.|relative_position_index$|attn_mask$/u.test(stored),
  };
}
