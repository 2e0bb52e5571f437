import type * as tf from '@tensorflow/tfjs';

import type { ElementType, Value } from '../graph/graph.ts';
import {
  add,
  and,
  cast,
  clip,
  div,
  greater,
  greaterEqual,
  mul,
  not,
  predicate,
  sub,
  unary,
  where,
} from '../operators/elementwise.ts';
import { filled } from '../operators/shape.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** Kernels of one operand that ONNX has under its own name, for floats; integers go there and back. */
const sameAsOnnx: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Elu: 'Elu',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  Reciprocal: 'Reciprocal',
  Relu: 'Relu',
  Round: 'Round',
  Selu: 'Selu',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
};

/** Computes in floats and gives the type of `x` back. */
const inFloats = (x: Value, compute: (x: Value) => Value): Value => cast(compute(cast(x, 'float32')), x.dtype);

const direct: readonly KernelEntry[] = Object.entries(sameAsOnnx).map(([name, operator]) =>
  kernel<'x'>(name, ({ x }) => inFloats(x, (float) => unary(operator, float))),
);

/** A slope so steep that min(1, slope · x) is 1 for every positive float32 that is not subnormal. */
const steep = 3e38;

/** 1 above zero, else `alpha`. The gradient of every relu passes here, and asks the relu's result instead of what went in, which
 * need not be kept then; it is one pass as a hard sigmoid. */
function step(x: Value, alpha: number): Value {
  const source = x.graph.appliedTo('Relu', x) ?? x;
  if (alpha === 0 && x.dtype === 'float32') {
    return unary('HardSigmoid', source, { alpha: { float: steep }, beta: { float: 0 } });
  }
  const positive = greater(source, 0);
  return alpha === 0 ? cast(positive, x.dtype) : where(positive, filled(x, [], 1), filled(x, [], alpha));
}

/** Kernels of one operand, entry by entry. */
export const unaryKernels: readonly KernelEntry[] = [
  ...direct,
  kernel<'x'>('Identity', ({ x }) => x),
  kernel<'x', tf.CastAttrs>('Cast', ({ x }, { dtype }) => cast(x, dtype as ElementType)),
  kernel<'x', tf.ClipByValueAttrs>('ClipByValue', ({ x }, { clipValueMin, clipValueMax }) =>
    clip(x, clipValueMin, clipValueMax),
  ),
  kernel<'dy' | 'y'>('EluGrad', ({ dy, y }) => where(greaterEqual(y, 0), dy, mul(dy, add(y, 1)))),
  kernel<'x'>('Expm1', ({ x }) => inFloats(x, (float) => sub(unary('Exp', float), 1))),
  kernel<'x'>('IsFinite', ({ x }) => and(not(predicate('IsInf', x)), not(predicate('IsNaN', x)))),
  kernel<'x'>('IsInf', ({ x }) => predicate('IsInf', x)),
  kernel<'x'>('IsNan', ({ x }) => predicate('IsNaN', x)),
  kernel<'x', tf.LeakyReluAttrs>('LeakyRelu', ({ x }, { alpha }) =>
    inFloats(x, (float) => unary('LeakyRelu', float, { alpha: { float: alpha } })),
  ),
  kernel<'x'>('Log1p', ({ x }) => inFloats(x, (float) => unary('Log', add(float, 1)))),
  kernel<'x'>('LogicalNot', ({ x }) => not(x)),
  kernel<'x'>('Neg', ({ x }) => mul(x, -1)),
  kernel<'x'>('OnesLike', ({ x }) => filled(x, x.shape, 1)),
  kernel<'x' | 'alpha'>('Prelu', ({ x, alpha }) => where(greaterEqual(x, 0), x, mul(x, alpha))),
  kernel<'x'>('Relu6', ({ x }) => clip(x, 0, 6)),
  kernel<'x'>('Rsqrt', ({ x }) => inFloats(x, (float) => div(1, unary('Sqrt', float)))),
  kernel<'x'>('Square', ({ x }) => mul(x, x)),
  kernel<'x', tf.StepAttrs>('Step', ({ x }, { alpha }) => step(x, alpha)),
  kernel<'x'>('ZerosLike', ({ x }) => filled(x, x.shape, 0)),
];
