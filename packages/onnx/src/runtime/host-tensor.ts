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

/** The array that holds entries of `dtype`. TF.js keeps the integers when it casts them to floats, since no digit is lost. */
export function dataOfType(dtype: HostType, values: HostData): HostData {
  if (dtype === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  return values instanceof Uint8Array ? values : Uint8Array.from(values);
}

/** Whether TF.js's type is one that graphs have. */
export const isHostType = (dtype: string): dtype is HostType => ['float32', 'int32', 'bool'].includes(dtype);
