import { convKeys, fusedLinearKeys, linearKeys, normKeys, sameKey, type KeyMap, type KeyRule } from './key-map.ts';

interface Names {
  readonly classToken: string;
  readonly position: string;
  readonly patches: string;
  readonly layer: (index: number) => string;
  readonly attentionNorm: string;
  readonly qkv: readonly [weight: string, bias: string];
  readonly output: string;
  readonly ffnNorm: string;
  readonly up: string;
  readonly down: string;
  readonly norm: string;
}

const torchvision: Names = {
  classToken: 'class_token',
  position: 'encoder.pos_embedding',
  patches: 'conv_proj',
  layer: (index) => `encoder.layers.encoder_layer_${String(index)}`,
  attentionNorm: 'ln_1',
  qkv: ['self_attention.in_proj_weight', 'self_attention.in_proj_bias'],
  output: 'self_attention.out_proj',
  ffnNorm: 'ln_2',
  up: 'mlp.0',
  down: 'mlp.3',
  norm: 'encoder.ln',
};

const timm: Names = {
  classToken: 'cls_token',
  position: 'pos_embed',
  patches: 'patch_embed.proj',
  layer: (index) => `blocks.${String(index)}`,
  attentionNorm: 'norm1',
  qkv: ['attn.qkv.weight', 'attn.qkv.bias'],
  output: 'attn.proj',
  ffnNorm: 'norm2',
  up: 'mlp.fc1',
  down: 'mlp.fc2',
  norm: 'norm',
};

/** Keys of a vision transformer.
 * @param layers - number of transformer layers. */
export function vitKeyMap(library: 'torchvision' | 'timm', layers: number): KeyMap {
  const names = library === 'timm' ? timm : torchvision;
  const layer = (stored: string, ours: string): KeyRule[] => [
    ...normKeys(`${stored}.${names.attentionNorm}`, `${ours}.attentionNorm`),
    ...fusedLinearKeys(
      `${stored}.${names.qkv[0]}`,
      `${stored}.${names.qkv[1]}`,
      ['query', 'key', 'value'].map((part) => `${ours}.attention.${part}`),
    ),
    ...linearKeys(`${stored}.${names.output}`, `${ours}.attention.output`),
    ...normKeys(`${stored}.${names.ffnNorm}`, `${ours}.ffnNorm`),
    ...linearKeys(`${stored}.${names.up}`, `${ours}.ffn.up`),
    ...linearKeys(`${stored}.${names.down}`, `${ours}.ffn.down`),
  ];
  return {
    name: `${library} vision transformer`,
    rules: [
      sameKey(names.classToken, 'stem.classToken'),
      sameKey(names.position, 'stem.position'),
      ...convKeys(names.patches, 'stem.patches', { bias: true }),
      ...Array.from({ length: layers }, (_, i) => layer(names.layer(i), `layer${String(i + 1)}`)).flat(),
      ...normKeys(names.norm, 'head.norm'),
    ],
    // torchvision before 0.12 called the maps of the feed-forward layers linear_1 and linear_2
    canonical: (stored) => stored.replace('.mlp.linear_1.', '.mlp.0.').replace('.mlp.linear_2.', '.mlp.3.'),
    ignores: (stored) => /^(?:heads?|fc_norm)\./u.test(stored),
  };
}
