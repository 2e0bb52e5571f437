import { Tensor } from 'onnxruntime-node';

import { sizeOf } from '../graph/constants.ts';

/** Element types that cross between host and graphs. */
export type HostType = 'float32' | 'int32' | 'bool';

/** The array that holds the entries of one element type; bools are bytes of 0 and 1. */
export type HostData = Float32Array | Int32Array | Uint8Array;

/** A tensor in the host's memory, row-major. */
export interface HostTensor {
  readonly dtype: HostType;
  readonly shape: readonly number[];
  readonly data: HostData;
}

/** An array of zeros for `shape`. */
export function zeroData(dtype: HostType, shape: readonly number[]): HostData {
  const size = sizeOf(shape);
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** ONNX Runtime's view of a host tensor; the memory is shared. */
export const runtimeTensor = ({ dtype, shape, data }: HostTensor): Tensor => new Tensor(dtype, data, shape);
