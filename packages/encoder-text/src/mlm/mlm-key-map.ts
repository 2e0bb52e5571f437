import { bertKeyMap, linearKeys, normKeys, sameKey, type KeyMap } from '@azclip/weights';

/** Keys of transformers' `BertForMaskedLM` for the tree `{ bert, head }`: those of `bertKeyMap` and of the head. The
 * embedding table is stored a second time as the head's last map; it is not read twice.
 * @param layers - number of transformer layers of the checkpoint. */
export function mlmKeyMap(layers: number): KeyMap {
  const { rules, ...tower } = bertKeyMap(layers);
  const head = 'cls.predictions';
  return {
    ...tower,
    name: `transformers BERT for masked language modelling with ${String(layers)} layers`,
    rules: [
      ...rules.map((rule) => ({ ...rule, ours: `bert.${rule.ours}` })),
      ...linearKeys(`${head}.transform.dense`, 'head.transform'),
      ...normKeys(`${head}.transform.LayerNorm`, 'head.norm'),
      sameKey(`${head}.bias`, 'head.bias'),
    ],
  };
}
