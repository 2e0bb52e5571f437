/** A numbered layer of a tower: `textTower.layers.3.` of `textTower.layers.3.ffn.up.weight`. */
const numbered = /^[^.]+\.(?:.*?\.)??(?:layers|blocks|stages)\.(?<index>\d+)\./u;

/** Factors of the learning rate that fall with the distance from the output: the last layer of a tower keeps the full
 * rate times `decay`, each layer below another `decay`, what stands before the first layer (stem, embeddings) one more.
 * What stands after the last layer, and towers without numbered layers, keep the full rate.
 * @param names - all parameters, in the order of the tree.  @param decay - in (0, 1].
 * @returns the factor of a parameter.
 * @see Clark et al. 2020 (ELECTRA), appendix B — https://arxiv.org/abs/2003.10555 */
export function layerwiseDecay(names: readonly string[], decay: number): (name: string) => number {
  const layers = new Map<string, number>(); // tower → number of layers
  for (const name of names) {
    const { tower, index } = partsOf(name);
    if (index !== undefined) layers.set(tower, Math.max(layers.get(tower) ?? 0, index + 1));
  }
  const begun = new Set<string>(); // towers whose layers have begun, in the order of the tree
  const factors = new Map<string, number>();
  for (const name of names) {
    const { tower, index } = partsOf(name);
    const count = layers.get(tower);
    if (count === undefined) continue;
    if (index !== undefined) begun.add(tower);
    const depth = index === undefined ? (begun.has(tower) ? count + 1 : 0) : index + 1;
    factors.set(name, decay ** (count + 1 - depth));
  }
  return (name) => factors.get(name) ?? 1;
}

function partsOf(name: string): { readonly tower: string; readonly index: number | undefined } {
  const index = numbered.exec(name)?.groups?.['index'];
  return { tower: name.slice(0, name.indexOf('.')), index: index === undefined ? undefined : Number(index) };
}
