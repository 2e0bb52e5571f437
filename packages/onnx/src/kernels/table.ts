import { sizeOf } from '../graph/constants.ts';
import type { Value } from '../graph/graph.ts';
import { filled } from '../operators/shape.ts';
import { binaryKernels } from './binary.ts';
import { convolutionKernels } from './convolution.ts';
import { depthwiseKernels } from './depthwise.ts';
import { indexingKernels } from './indexing.ts';
import type { KernelInputs, KernelMapping } from './kernel.ts';
import { matrixKernels } from './matrix.ts';
import { normalisationKernels } from './normalisation.ts';
import { poolingKernels } from './pooling.ts';
import { reductionKernels } from './reduction.ts';
import { reshapingKernels } from './reshaping.ts';
import { resizingKernels } from './resizing.ts';
import { unaryKernels } from './unary.ts';

/** TF.js kernel → ONNX nodes. The one table that eager backend, compiled functions and export share. */
export const kernelTable: ReadonlyMap<string, KernelMapping> = new Map([
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  ...matrixKernels,
  ...normalisationKernels,
  ...reshapingKernels,
  ...indexingKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolingKernels,
  ...resizingKernels,
]);

/** A value without entries needs no nodes: it is a constant. */
const withoutNodesIfEmpty = (value: Value): Value =>
  sizeOf(value.shape) === 0 ? filled(value, value.shape, 0) : value;

/** Applies a mapping. @returns all outputs of the kernel. */
export function applyKernel(mapping: KernelMapping, inputs: KernelInputs, attributes: unknown): readonly Value[] {
  const result = mapping(inputs, attributes);
  return (Array.isArray(result) ? (result as readonly Value[]) : [result as Value]).map(withoutNodesIfEmpty);
}
