import { InputError, type Random } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import { dropout } from './dropout.ts';
import { uniformTensor } from './init.ts';
import type { LinearParams } from './linear.ts';
import type { LoraConfig } from './lora-config.ts';
import type { Mode } from './mode.ts';
import type { ParamTree } from './params.ts';

/** Whether the parameter called `name` belongs to an adapter; the others of an adapted tower stay as they are. */
export const isLora = (name: string): boolean => /(?:^|\.)lora\.(?:down|up)$/u.test(name);

/** Gives each targeted linear map of a tower an adapter; the output stays the same until it has learned.
 * The tensors of `tree` are shared with the result.
 * @returns the tree with `lora: { down, up }` beside `weight` and `bias`, so that `linear` takes both.
 * @throws {InputError} naming a target that no linear map of the tower is called.
 * @see Hu et al. 2021, section 4 — https://arxiv.org/abs/2106.09685 */
export function addLora(tree: ParamTree, config: LoraConfig, random: Random): ParamTree {
  const found = new Set<string>();
  const adapted = mapLinears(tree, (map, path) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    found.add(name);
    return config.targets.includes(name) ? { ...map, lora: initAdapter(map, config, random.fork(path)) } : map;
  });
  const unknown = config.targets.find((target) => !found.has(target));
  if (unknown === undefined) return adapted;
  throw new InputError(`lora.targets: expected some of ${[...found].sort().join(', ')}, got "${unknown}"`);
}

/** The tree as the layers take it in one pass: adapters scaled by alpha / rank and, in training, without some of their input
 * features. Unlike the paper, which draws a mask for every entry, a feature is missing for the whole batch: the mask then acts
 * on `down` and the layers need not know of it.
 * @returns a tree that shares all but the adapters. */
export const applyLora = (tree: ParamTree, config: LoraConfig, mode: Mode): ParamTree =>
  mapLinears(tree, ({ lora, ...map }) => {
    if (!lora) return map;
    const up = tf.mul<tf.Tensor2D>(lora.up, config.alpha / config.rank);
    return { ...map, lora: { down: withoutSome(lora.down, config.dropout, mode), up } };
  });

/** Zeroes some rows and scales the others, so that the expected product stays. */
function withoutSome(down: tf.Tensor2D, rate: number, mode: Mode): tf.Tensor2D {
  if (!mode.training || rate === 0) return down;
  return tf.tidy(() => tf.mul(down, dropout(tf.ones([down.shape[0], 1]), rate, mode)));
}

/** Takes the adapters into the weights, for export: weight + alpha / rank · down · up.
 * @returns the tree without adapters; the caller owns the weights that are new. */
export const mergeLora = (tree: ParamTree, config: LoraConfig): ParamTree =>
  mapLinears(tree, ({ lora, weight, ...rest }) => {
    if (!lora) return { weight, ...rest };
    const merged = tf.tidy(() => tf.add(weight, tf.mul(tf.matMul(lora.down, lora.up), config.alpha / config.rank)));
    return { weight: merged as tf.Tensor2D, ...rest };
  });

/** `down` uniform as PyTorch's linear maps, `up` zero. */
function initAdapter(
  { weight }: LinearParams,
  { rank }: LoraConfig,
  random: Random,
): NonNullable<LinearParams['lora']> {
  const [inDim, outDim] = weight.shape;
  return { down: uniformTensor([inDim, rank], 1 / Math.sqrt(inDim), random), up: tf.zeros([rank, outDim]) };
}

/** Replaces the linear maps of a tree; everything else is kept. */
function mapLinears(tree: ParamTree, replace: (map: LinearParams, path: string) => LinearParams, path = ''): ParamTree {
  const node = tree as object;
  if ('dataId' in node) return tree;
  if (isLinear(node)) return replace(node, path) as unknown as ParamTree;
  const child = (key: string, value: ParamTree): ParamTree =>
    mapLinears(value, replace, path === '' ? key : `${path}.${key}`);
  if (Array.isArray(tree)) return (tree as readonly ParamTree[]).map((value, i) => child(String(i), value));
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, ParamTree>>).map(([key, value]) => [key, child(key, value)]),
  );
}

/** Whether a node is {@link LinearParams}: a matrix and a bias of its second axis. */
function isLinear(node: object): node is LinearParams {
  const { weight, bias } = node as { readonly [name: string]: { readonly shape?: readonly number[] } | undefined };
  return weight?.shape?.length === 2 && bias?.shape?.length === 1 && bias.shape[0] === weight.shape[1];
}
