import type { Value } from '../graph/graph.ts';
import {
  add,
  and,
  cast,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  not,
  or,
  pow,
  remainder,
  sub,
  sum,
  unary,
  where,
  xor,
} from '../operators/elementwise.ts';
import { reshape } from '../operators/shape.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** Whether integer or float division left a remainder whose sign is not the divisor's. */
const crossesZero = (rest: Value, divisor: Value): Value =>
  and(not(equal(rest, 0)), xor(less(rest, 0), less(divisor, 0)));

/** Quotient rounded down, int32 even of floats, as in TF.js. */
function floorDiv(a: Value, b: Value): Value {
  if (a.dtype === 'float32') return cast(unary('Floor', div(a, b)), 'int32');
  const quotient = div(a, b);
  return where(crossesZero(sub(a, mul(quotient, b)), b), sub(quotient, 1), quotient);
}

/** Remainder with the sign of the divisor. */
function mod(a: Value, b: Value): Value {
  const rest = remainder(a, b);
  return a.dtype === 'float32' ? where(crossesZero(rest, b), add(rest, b), rest) : rest;
}

/** Angle of the point (x, y), in (−π, π]. */
function atan2(y: Value, x: Value): Value {
  const angle = unary('Atan', div(y, x));
  const turned = where(greaterEqual(y, 0), add(angle, Math.PI), sub(angle, Math.PI));
  const vertical = mul(unary('Sign', y), Math.PI / 2);
  return where(equal(x, 0), vertical, where(less(x, 0), turned, angle));
}

/** Squared difference. */
function squaredDifference(a: Value, b: Value): Value {
  const difference = sub(a, b);
  return mul(difference, difference);
}

/** `onTrue` where the condition holds. A condition of rank 1 chooses among the slices of the first axis. */
function select(condition: Value, onTrue: Value, onFalse: Value): Value {
  const { shape } = onTrue;
  const perSlice = condition.shape.length === 1 && shape.length > 1;
  const chosen = perSlice ? reshape(condition, [...condition.shape, ...shape.slice(1).map(() => 1)]) : condition;
  return where(cast(chosen, 'bool'), onTrue, onFalse);
}

type Binary = (a: Value, b: Value) => Value;

/** Comparisons are not defined on bools in ONNX, beside equality. */
const ordered =
  (compare: Binary): Binary =>
  (a, b) =>
    a.dtype === 'bool' ? compare(cast(a, 'int32'), cast(b, 'int32')) : compare(a, b);

const byName: Readonly<Record<string, Binary>> = {
  Add: add,
  Atan2: atan2,
  Equal: equal,
  FloorDiv: floorDiv,
  Greater: ordered(greater),
  GreaterEqual: ordered(greaterEqual),
  Less: ordered(less),
  LessEqual: ordered(lessEqual),
  LogicalAnd: and,
  LogicalOr: or,
  LogicalXor: xor,
  Maximum: maximum,
  Minimum: minimum,
  Mod: mod,
  Multiply: mul,
  NotEqual: (a, b) => not(equal(a, b)),
  Pow: pow,
  RealDiv: (a, b) => div(cast(a, 'float32'), cast(b, 'float32')),
  SquaredDifference: squaredDifference,
  Sub: sub,
};

/** Kernels of two operands that broadcast, and those that add or choose among several. */
export const binaryKernels: readonly KernelEntry[] = [
  ...Object.entries(byName).map(([name, compute]) => kernel<'a' | 'b'>(name, ({ a, b }) => compute(a, b))),
  kernel('AddN', (terms) => sum(Object.values(terms))),
  kernel<'condition' | 't' | 'e'>('Select', ({ condition, t, e }) => select(condition, t, e)),
];
