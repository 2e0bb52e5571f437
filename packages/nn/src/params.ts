import type * as tf from '@tensorflow/tfjs';

/** Parameters of a network: tensors in nested readonly records and arrays. Names are the paths joined by dots. */
export type ParamTree = tf.Tensor | readonly ParamTree[] | { readonly [name: string]: ParamTree };

/** Tensors by dotted path, in the order of the tree. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

const isTensor = (node: ParamTree): node is tf.Tensor => 'dataId' in node;

/** Names every tensor of `tree` by its path: `{ layers: [{ bias }] }` gives `layers.0.bias`. */
export function flattenParams(tree: ParamTree, prefix = ''): Record<string, tf.Tensor> {
  if (isTensor(tree)) return { [prefix]: tree };
  const named: Record<string, tf.Tensor> = {};
  for (const [key, child] of Object.entries<ParamTree>(tree as Record<string, ParamTree>)) {
    Object.assign(named, flattenParams(child, prefix === '' ? key : `${prefix}.${key}`));
  }
  return named;
}

/** The tree of the same form as `tree` with its tensors taken from `named`.
 * @throws {RangeError} if `named` lacks a path of the tree. */
export function unflattenParams<T extends ParamTree>(tree: T, named: NamedTensors, prefix = ''): T {
  const node: ParamTree = tree;
  if (isTensor(node)) {
    const tensor = named[prefix];
    if (!tensor) throw new RangeError(`parameters: "${prefix}" is missing`);
    return tensor as ParamTree as T;
  }
  const child = (key: string, value: ParamTree): ParamTree =>
    unflattenParams(value, named, prefix === '' ? key : `${prefix}.${key}`);
  if (Array.isArray(node)) return (node as readonly ParamTree[]).map((v, i) => child(String(i), v)) as ParamTree as T;
  return Object.fromEntries(
    Object.entries(node as Record<string, ParamTree>).map(([key, value]) => [key, child(key, value)]),
  ) as ParamTree as T;
}

/** Last parts of the names of tensors that are state, not parameters: no gradient, no decay, not counted. */
const bufferNames: ReadonlySet<string> = new Set(['runningMean', 'runningVar']);

/** Whether the tensor called `name` is a buffer: running statistics, updated by the forward pass, not by the optimizer. */
export const isBuffer = (name: string): boolean => bufferNames.has(name.slice(name.lastIndexOf('.') + 1));

/** Number of trainable values in `tree`; buffers do not count. */
export const countParams = (tree: ParamTree): number =>
  Object.entries(flattenParams(tree)).reduce((sum, [name, { size }]) => sum + (isBuffer(name) ? 0 : size), 0);
