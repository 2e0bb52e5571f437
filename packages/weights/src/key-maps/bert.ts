import { type KeyMap, type KeyRule, linearKeys, normKeys, sameKey } from './key-map.ts';

const layerKeys = (stored: string, ours: string): KeyRule[] => [
  ...linearKeys(`${stored}.attention.self.query`, `${ours}.attention.query`),
  ...linearKeys(`${stored}.attention.self.key`, `${ours}.attention.key`),
  ...linearKeys(`${stored}.attention.self.value`, `${ours}.attention.value`),
  ...linearKeys(`${stored}.attention.output.dense`, `${ours}.attention.output`),
  ...normKeys(`${stored}.attention.output.LayerNorm`, `${ours}.attentionNorm`),
  ...linearKeys(`${stored}.intermediate.dense`, `${ours}.ffn.up`),
  ...linearKeys(`${stored}.output.dense`, `${ours}.ffn.down`),
  ...normKeys(`${stored}.output.LayerNorm`, `${ours}.ffnNorm`),
];

/** Keys of transformers' `BertModel` and of the models built on it (`bert.` before each name), with the norms' names of
 * today (`weight`, `bias`) or of the first checkpoints (`gamma`, `beta`). The heads of pre-training are passed over.
 * @param layers - number of transformer layers of the checkpoint; those not among the targets are passed over. */
export const bertKeyMap = (layers: number): KeyMap => ({
  name: `transformers BERT with ${String(layers)} layers`,
  rules: [
    sameKey('embeddings.word_embeddings.weight', 'embeddings.word'),
    sameKey('embeddings.position_embeddings.weight', 'embeddings.position'),
    sameKey('embeddings.token_type_embeddings.weight', 'embeddings.tokenType'),
    ...normKeys('embeddings.LayerNorm', 'embeddings.norm'),
    ...Array.from({ length: layers }, (_, n) => layerKeys(`encoder.layer.${String(n)}`, `layers.${String(n)}`)).flat(),
    ...linearKeys('pooler.dense', 'pooler'),
  ],
  canonical: (stored) =>
    stored
      .replace(/^bert\./u, '')
      .replace(/LayerNorm\.gamma$/u, 'LayerNorm.weight')
      .replace(/LayerNorm\.beta$/u, 'LayerNorm.bias'),
  ignores: (stored) => stored.startsWith('cls.') || stored === 'embeddings.position_ids',
});
