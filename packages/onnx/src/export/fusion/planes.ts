import { int64s } from '../../graph/constants.ts';
import { node, producer, type NodeOptions, type Value } from '../../graph/graph.ts';
import type { Rule } from '../../graph/rewrite.ts';

const lastOfPlanes = [0, 2, 3, 1];
const planesOfLast = [0, 3, 1, 2];

/** Images whose channels lie as planes, [batch, channels, height, width], with channels last: as TF.js has them. */
export const channelsLast = (planes: Value): Value => turned(planes, lastOfPlanes);

/** Images with channels last, as planes: what convolutions work on. */
export const asPlanes = (images: Value): Value => planesOf(images) ?? turned(images, planesOfLast);

/** The planes that `images` are a view of, if they are one. */
export const planesOf = (images: Value): Value | undefined => original(images, lastOfPlanes);

/** What `value` is a permutation of the axes of. */
function original(value: Value, permutation: readonly number[]): Value | undefined {
  const { inputs = [], attributes } = producer(value, 'Transpose') ?? {};
  const perm = attributes?.['perm'] as readonly number[] | undefined;
  return perm?.join() === permutation.join() ? inputs[0] : undefined;
}

function turned(x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis] ?? 0);
  return node('Transpose', [x], { dtype: x.dtype, shape }, { attributes: { perm } });
}

/** Applies what is computed entry by entry: on planes where all operands are planes of one shape or single numbers, else on
 * the operands as they are. */
export function entryByEntry(operator: string, operands: readonly Value[], value: Value, options?: NodeOptions): Value {
  const laid = operands.map((x) => (x.shape.length === 0 ? x : x.shape.join() === value.shape.join() && planesOf(x)));
  const planes = laid.filter((x) => x !== false && x !== undefined);
  const like = planes.find((x) => x.shape.length > 0);
  if (!like || planes.length < operands.length) return node(operator, operands, value, options);
  return channelsLast(node(operator, planes, { dtype: value.dtype, shape: like.shape }, options));
}

/** What is computed entry by entry, and may stand between two convolutions. */
const entryWise = new Set(['Relu', 'Clip', 'Sigmoid', 'Add', 'Mul']);

/** An operator between two convolutions that TF.js computes with channels last → the same on planes, so that ONNX Runtime
 * keeps the layout of its convolutions from the one to the other: what is computed entry by entry, the mean over an image,
 * and the product with one number for each channel of an image. */
export const keepPlanes: Rule = (value, rewritten) => {
  if (value.source.kind !== 'node') return undefined;
  const { operator, inputs, attributes } = value.source.node;
  const operands = inputs.flatMap((input) => (input ? [rewritten(input)] : []));
  const [x] = operands;
  if (!x || operands.length < inputs.length) return undefined;
  if (original(value, planesOfLast)) return planesOf(x);
  const [, y] = operands;
  const result = y && operator === 'Mul' ? gated(x, y, value) : meanOfImage(value, x);
  return result ?? (entryWise.has(operator) ? entryByEntry(operator, operands, value, { attributes }) : undefined);
};

/** a · b, where these may be images and gates: see `keepPlanes`. */
export const product = (a: Value, b: Value, value: Value): Value =>
  gated(a, b, value) ?? entryByEntry('Mul', [a, b], value);

/** images · gates, one gate for each channel of an image: [batch, 1, 1, channels]. */
function gated(a: Value, b: Value, value: Value): Value | undefined {
  const [images, gates] = a.shape.join() === value.shape.join() ? [a, b] : [b, a];
  const planes = planesOf(images);
  const [batch = 0, height, width, channels = 0] = gates.shape;
  if (!planes || gates.shape.length !== 4 || height !== 1 || width !== 1) return undefined;
  if (channels !== value.shape[3] || batch !== value.shape[0]) return undefined;
  const upright = node('Reshape', [gates, int64s(gates.graph, [0, channels, 1, 1])], {
    dtype: gates.dtype,
    shape: [batch, channels, 1, 1],
  });
  return channelsLast(node('Mul', [planes, upright], planes));
}

/** The mean of each channel of each image, [batch, channels]. */
function meanOfImage(value: Value, images: Value): Value | undefined {
  const mean = producer(value, 'ReduceMean');
  const planes = planesOf(images);
  const axes = mean?.inputs[1]?.source;
  if (!planes || mean?.attributes['keepdims'] !== 0 || axes?.kind !== 'constant') return undefined;
  if (Array.from(axes.data, Number).join() !== '1,2') return undefined;
  const [batch = 0, channels = 0] = planes.shape;
  const pooled = node('GlobalAveragePool', [planes], { dtype: value.dtype, shape: [batch, channels, 1, 1] });
  return node('Reshape', [pooled, int64s(pooled.graph, [0, channels])], value);
}
