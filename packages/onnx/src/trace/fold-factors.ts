import { scalarOf, sizeOf } from '../graph/constants.ts';
import { node, producer, type GraphNode, type Value } from '../graph/graph.ts';
import { rewrite, type Rewritten, type Rule } from '../graph/rewrite.ts';
import { factored, mul, type Factored } from '../operators/elementwise.ts';
import { reshape, transpose } from '../operators/shape.ts';
import { readersOf, type Readers } from './readers.ts';

/** Operators that change where entries stand, not what they are. */
const moves: ReadonlySet<string> = new Set(['Reshape', 'Transpose']);
/** Operators that a constant factor of an operand costs nothing, or next to nothing behind them. */
const takers: ReadonlySet<string> = new Set(['Gemm', 'ReduceSum']);

/** Writes a graph anew so that constant factors cost no pass over large values: a matrix product takes those of its operands, and
 * one behind its bias; a sum is multiplied instead of what it adds up.
 * @param outputs - of the graph.  @returns what stands for them in a graph of its own, and for its inputs. */
export function foldFactors(outputs: readonly Value[]): Rewritten {
  const readers = readersOf(outputs);
  return rewrite(outputs, [biasedProduct(readers), product(readers), sum(readers)]);
}

/** A value made as a number · rest, or as rest / a number; else with the factor 1. */
function numberTimes(value: Value): Factored {
  const [rest, divisor] = producer(value, 'Div')?.inputs ?? [];
  const number = divisor?.shape.length === 0 ? scalarOf(divisor) : undefined;
  return rest && number !== undefined && value.dtype === 'float32' ? { factor: 1 / number, rest } : factored(value);
}

/** Whether all that reads `value`, under whatever shape, takes a factor. */
const isTaken = (value: Value, readers: Readers): boolean =>
  readers(value).every(
    (reader) =>
      reader !== undefined &&
      (takers.has(reader.operator) ||
        (moves.has(reader.operator) && reader.outputs.every((moved) => isTaken(moved, readers)))),
  );

/** An operand of an operator that takes its factor, in the new graph. */
function withoutFactor(value: Value, readers: Readers, rewritten: Rewritten): Factored {
  const { factor, rest } = numberTimes(value);
  if (factor !== 1 && isTaken(value, readers)) return { factor, rest: rewritten(rest) };
  const [moved] = value.source.kind === 'node' && moves.has(value.source.node.operator) ? value.source.node.inputs : [];
  const inner = moved && withoutFactor(moved, readers, rewritten);
  if (!inner || inner.factor === 1) return { factor: 1, rest: rewritten(value) };
  const perm = producer(value, 'Transpose')?.attributes['perm'] as readonly number[] | undefined;
  return { factor: inner.factor, rest: perm ? transpose(inner.rest, perm) : reshape(inner.rest, value.shape) };
}

/** A product of matrices times `factor`, whose operands leave their own factors to it. */
function gemmTimes(gemm: GraphNode, factor: number, readers: Readers, rewritten: Rewritten): Value {
  const operands = gemm.inputs.map((input) => withoutFactor(input as Value, readers, rewritten));
  const alpha = operands.reduce((total, operand) => total * operand.factor, factor);
  const attributes = alpha === 1 ? gemm.attributes : { ...gemm.attributes, alpha: { float: alpha } };
  const rest = operands.map((operand) => operand.rest);
  return node('Gemm', rest, gemm.outputs[0] as Value, { attributes });
}

/** (a · c) × b → a × b with the factor c. */
const product =
  (readers: Readers): Rule =>
  (value, rewritten) => {
    const gemm = producer(value, 'Gemm');
    return gemm?.inputs.length === 2 ? gemmTimes(gemm, 1, readers, rewritten) : undefined;
  };

/** c · (a × b + bias) → a × b with the factor c, plus c · bias, where nothing else asks what is between. */
const biasedProduct =
  (readers: Readers): Rule =>
  (value, rewritten) => {
    const { factor, rest } = numberTimes(value);
    const sum = producer(rest, 'Reshape')?.inputs[0] ?? rest;
    const [result, bias] = producer(sum, 'Add')?.inputs ?? [];
    const gemm = result && producer(result, 'Gemm');
    if (factor === 1 || !bias || gemm?.inputs.length !== 2) return undefined;
    if (2 * sizeOf(bias.shape) > sizeOf(value.shape)) return undefined;
    if ([result as Value, sum, rest].some((between) => readers(between).length > 1)) return undefined;
    const operands = [gemmTimes(gemm, factor, readers, rewritten), mul(rewritten(bias), factor)];
    return reshape(node('Add', operands, sum), value.shape);
  };

/** Σ c · x → c · Σ x */
const sum =
  (readers: Readers): Rule =>
  (value, rewritten) => {
    const reduction = producer(value, 'ReduceSum');
    const [x, axes] = reduction?.inputs ?? [];
    if (!reduction || !x || !axes || value.dtype !== 'float32') return undefined;
    const { factor, rest } = withoutFactor(x, readers, rewritten);
    if (factor === 1) return undefined;
    return mul(node('ReduceSum', [rest, rewritten(axes)], value, { attributes: reduction.attributes }), factor);
  };
