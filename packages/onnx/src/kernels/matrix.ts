import type * as tf from '@tensorflow/tfjs';

import { node, type Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/constants.ts';
import { add } from '../operators/elementwise.ts';
import { matMul } from '../operators/linear.ts';
import { filled } from '../operators/shape.ts';
import { fusedActivation } from './activation.ts';
import { kernel, type KernelEntry } from './kernel.ts';

/** Shape of an Einsum: sizes of the axes that the right-hand side names. */
function einsumShape(equation: string, operands: readonly Value[]): readonly number[] {
  const [left = '', right = ''] = equation.replaceAll(' ', '').split('->');
  const sizes = new Map<string, number>();
  for (const [i, axes] of left.split(',').entries()) {
    for (const [j, axis] of Array.from(axes).entries()) sizes.set(axis, operands[i]?.shape[j] ?? 0);
  }
  return Array.from(right, (axis) => sizes.get(axis) ?? 0);
}

function einsum(operands: readonly Value[], equation: string): Value {
  const [first] = operands as readonly [Value];
  const shape = einsumShape(equation, operands);
  if (operands.some((operand) => sizeOf(operand.shape) === 0)) return filled(first, shape, 0);
  return node('Einsum', operands, { dtype: first.dtype, shape }, { attributes: { equation } });
}

interface FusedInputs {
  readonly a: Value;
  readonly b: Value;
  readonly bias?: Value;
  readonly preluActivationWeights?: Value;
}

function fusedMatMul({ a, b, bias, preluActivationWeights }: FusedInputs, attributes: tf._FusedMatMulAttrs): Value {
  const product = matMul(a, b, attributes);
  const biased = bias ? add(product, bias) : product;
  return fusedActivation(biased, attributes.activation, preluActivationWeights, attributes.leakyreluAlpha);
}

/** Matrix products. */
export const matrixKernels: readonly KernelEntry[] = [
  kernel<'a' | 'b', tf.BatchMatMulAttrs>('BatchMatMul', ({ a, b }, attributes) => matMul(a, b, attributes)),
  kernel('Einsum', (operands, { equation }: tf.EinsumAttrs) => einsum(Object.values(operands), equation)),
  kernel<'a' | 'b', tf._FusedMatMulAttrs>('_FusedMatMul', fusedMatMul),
];
