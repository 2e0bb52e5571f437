import { sizeOf } from '../graph/constants.ts';
import { node, producer, type GraphNode, type Value } from '../graph/graph.ts';
import { rewrite, type Rewritten, type Rule } from '../graph/rewrite.ts';
import { mul } from '../operators/elementwise.ts';
import { reshape, transpose } from '../operators/shape.ts';
import { readersOf, type Readers } from './readers.ts';

/** Writes a graph anew so that a factor for each column of a tall matrix, as the gradient of a batch norm ends with, costs no pass over
 * the matrix: a product multiplies its other operand, where the columns are what it sums over, or its result, where they are rows or
 * columns of that; a sum over rows multiplies its result.
 * @param outputs - of the graph.  @returns what stands for them in a graph of its own, and for its inputs. */
export function foldColumnFactors(outputs: readonly Value[]): Rewritten {
  const readers = readersOf(outputs);
  return rewrite(outputs, [product(readers), sum(readers)]);
}

/** A matrix as `rest` with column i times entry i of `factors`. */
interface Columns {
  readonly factors: Value;
  readonly rest: Value;
}

function asColumns(value: Value): Columns | undefined {
  const [a, b] = producer(value, 'Mul')?.inputs ?? [];
  if (!a || !b || value.dtype !== 'float32') return undefined;
  const [rest, factors] = a.shape.length === 1 ? [b, a] : [a, b];
  const isForColumns = factors.shape.length === 1 && factors.shape[0] === value.shape.at(-1);
  return isForColumns && sizeOf(factors.shape) < sizeOf(rest.shape) ? { factors, rest } : undefined;
}

const keepsColumns = ({ operator, inputs, outputs }: GraphNode): boolean =>
  operator === 'Reshape' && inputs[0]?.shape.at(-1) === outputs[0]?.shape.at(-1);

/** Whether a reduction, of constant axes, goes over rows alone. */
function isOverRows({ operator, inputs: [x, axes] }: GraphNode): boolean {
  if (operator !== 'ReduceSum' || axes?.source.kind !== 'constant' || !x) return false;
  return Array.from(axes.source.data, Number).every((axis) => axis >= 0 && axis < x.shape.length - 1);
}

const isTurn = ({ operator, outputs }: GraphNode): boolean =>
  operator === 'Transpose' && outputs[0]?.shape.length === 2;

/** Whether the columns of what stands as an operand of a product, itself or turned, are what the product sums over. */
function isSummed({ attributes }: GraphNode, side: 'left' | 'right', turned: boolean): boolean {
  const areRows = turned !== (attributes[side === 'left' ? 'transA' : 'transB'] === 1);
  return side === 'left' ? !areRows : areRows;
}

/** Whether a product would have to multiply less than half as many numbers as `operand` has. */
function isCheapFor(gemm: GraphNode, operand: Value, turned: boolean): boolean {
  const [a, b, bias] = gemm.inputs;
  if (!a || !b || bias || a === b) return false;
  const [side, other] = a === operand ? (['left', b] as const) : (['right', a] as const);
  const multiplied = isSummed(gemm, side, turned) ? other : gemm.outputs[0];
  return 2 * sizeOf(multiplied?.shape ?? operand.shape) < sizeOf(operand.shape);
}

/** Whether all that reads `value`, under whatever shape, takes factors of its columns. */
const isTaken = (value: Value, readers: Readers): boolean =>
  readers(value).every((reader) => {
    if (reader === undefined) return false;
    if (reader.operator === 'Gemm') return isCheapFor(reader, value, false);
    if (isOverRows(reader)) return true;
    const [moved] = reader.outputs;
    if (!moved) return false;
    if (keepsColumns(reader)) return isTaken(moved, readers);
    return isTurn(reader) && readers(moved).every((next) => next?.operator === 'Gemm' && isCheapFor(next, moved, true));
  });

/** A matrix without its factors, in the new graph. */
function withoutFactors(value: Value, readers: Readers, rewritten: Rewritten): Columns | undefined {
  const columns = asColumns(value);
  if (columns) {
    if (!isTaken(value, readers)) return undefined;
    return { factors: rewritten(columns.factors), rest: rewritten(columns.rest) };
  }
  const { source } = value;
  const [x] = source.kind === 'node' && keepsColumns(source.node) ? source.node.inputs : [];
  const inner = x && withoutFactors(x, readers, rewritten);
  return inner && { ...inner, rest: reshape(inner.rest, value.shape) };
}

/** The factors of an operand of a product, and whether they belong to what the product sums over. */
interface OperandFactors extends Columns {
  readonly summed: boolean;
}

function factorsOf(
  gemm: GraphNode,
  side: 'left' | 'right',
  readers: Readers,
  rewritten: Rewritten,
): OperandFactors | undefined {
  const operand = gemm.inputs[side === 'left' ? 0 : 1];
  const turned = operand && producer(operand, 'Transpose')?.inputs[0];
  const columns = operand && withoutFactors(turned ?? operand, readers, rewritten);
  if (!columns) return undefined;
  const rest = turned ? transpose(columns.rest, [1, 0]) : columns.rest;
  return { factors: columns.factors, rest, summed: isSummed(gemm, side, turned !== undefined) };
}

/** (a with factors for its columns) × b → a × (b with factors for its rows), and the like for results and right operands. */
const product =
  (readers: Readers): Rule =>
  (value, rewritten) => {
    const gemm = producer(value, 'Gemm');
    const [a, b, bias] = gemm?.inputs ?? [];
    if (!gemm || !a || !b || bias) return undefined;
    const { attributes } = gemm;
    const times = (left: Value, right: Value): Value => node('Gemm', [left, right], value, { attributes });
    const left = factorsOf(gemm, 'left', readers, rewritten);
    if (left) {
      if (!left.summed) return mul(times(left.rest, rewritten(b)), asRows(left.factors));
      return times(left.rest, mul(rewritten(b), alongSum(left.factors, attributes['transB'] === 1)));
    }
    const right = factorsOf(gemm, 'right', readers, rewritten);
    if (!right) return undefined;
    if (!right.summed) return mul(times(rewritten(a), right.rest), right.factors);
    return times(mul(rewritten(a), alongSum(right.factors, attributes['transA'] !== 1)), right.rest);
  };

/** One factor for each row. */
const asRows = (factors: Value): Value => reshape(factors, [sizeOf(factors.shape), 1]);

/** Factors for the axis of an operand that a product sums over. */
const alongSum = (factors: Value, isColumns: boolean): Value => (isColumns ? factors : asRows(factors));

/** Σ of rows with factors for their columns → the factors times Σ of the rows */
const sum =
  (readers: Readers): Rule =>
  (value, rewritten) => {
    const reduction = producer(value, 'ReduceSum');
    const [x, axes] = reduction?.inputs ?? [];
    if (!reduction || !x || !axes || !isOverRows(reduction)) return undefined;
    const columns = withoutFactors(x, readers, rewritten);
    if (!columns) return undefined;
    const { attributes } = reduction;
    return mul(node('ReduceSum', [columns.rest, rewritten(axes)], value, { attributes }), columns.factors);
  };
