/** Values of a tensor on the host, row-major. */
export type HostData = Float32Array | Int32Array | Uint8Array;

/** How values stand on the host: every stored type becomes the nearest of these. */
export type HostDtype = 'float32' | 'int32' | 'bool';

/** A tensor on the host and its name; `bool` values are 0 or 1 in a `Uint8Array`. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: HostDtype;
  readonly shape: readonly number[];
  readonly data: HostData;
}

/** The value types of safetensors that are read here. */
export const storedDtypes = ['F64', 'F32', 'F16', 'BF16', 'I64', 'I32', 'U8', 'BOOL'] as const;

/** A value type of safetensors. */
export type StoredDtype = (typeof storedDtypes)[number];

/** Bytes a value takes in the file. */
export const bytesOf: Readonly<Record<StoredDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  BOOL: 1,
};

const host: Readonly<Record<StoredDtype, HostDtype>> = {
  F64: 'float32',
  F32: 'float32',
  F16: 'float32',
  BF16: 'float32',
  I64: 'int32',
  I32: 'int32',
  U8: 'int32',
  BOOL: 'bool',
};

/** The host type that values of a stored type are read into. */
export const hostDtypeOf = (dtype: StoredDtype): HostDtype => host[dtype];

/** Zeroed values of a host type. */
export function allocate(dtype: HostDtype, length: number): HostData {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}
