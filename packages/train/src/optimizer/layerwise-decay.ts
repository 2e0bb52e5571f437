/** A numbered layer of a tower: `textTower.layers.3` of `textTower.layers.3.ffn.up.weight`, `imageTower.stage2`. */
const numbered = /^(?:[^.]+)\.(?:.*?\.)??(?:(?:layer|stage)\d+|(?:layers|stages)\.\d+)(?=\.)/u;

/** Factors of the learning rate that fall with the distance from the output: the last layer of a tower keeps the full
 * rate times `decay`, each layer below another `decay`, what stands before the first layer (stem, embeddings) one more.
 * What stands after the last layer, and towers without numbered layers, keep the full rate.
 * @param names - all parameters, in the order of the tree.  @param decay - in (0, 1].
 * @returns the factor of a parameter.
 * @see Clark et al. 2020 (ELECTRA), appendix B — https://arxiv.org/abs/2003.10555 */
export function layerwiseDecay(names: readonly string[], decay: number): (name: string) => number {
  const layers = new Map<string, Set<string>>(); // tower → its layers, in order
  const depths = new Map<string, number>(); // 0 before the first layer, then 1, 2 …
  for (const name of names) {
    const tower = name.slice(0, name.indexOf('.'));
    const layer = numbered.exec(name)?.[0];
    const known = layers.get(tower) ?? new Set();
    if (layer !== undefined) layers.set(tower, known.add(layer));
    depths.set(name, layer === undefined && known.size > 0 ? Infinity : known.size);
  }
  return (name) => {
    const count = layers.get(name.slice(0, name.indexOf('.')))?.size ?? 0;
    const depth = depths.get(name) ?? Infinity;
    return count === 0 || depth > count ? 1 : decay ** (count + 1 - depth);
  };
}
