import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

/** Host arrays by name: what crosses between host and device. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Tensors of the current backend with copies of the data; the caller owns them. */
export const uploadAll = (named: HostTensors): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(named).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data.slice(), [...shape], dtype)]),
  );

/** Host arrays with the values of `named`; the tensors stay the caller's. */
export async function downloadAll(named: Record<string, tf.Tensor>): Promise<HostTensors> {
  const entries = Object.entries(named).map(async ([name, t]) => [name, asHost(t, await t.data())] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const asHost = (tensor: tf.Tensor, data: Float32Array | Int32Array | Uint8Array): HostTensor => ({
  dtype: tensor.dtype as HostTensor['dtype'],
  shape: tensor.shape,
  data: data.slice(),
});

/** A scalar of float32. */
export const hostScalar = (value: number): HostTensor => ({
  dtype: 'float32',
  shape: [],
  data: Float32Array.of(value),
});

/** `count` rows of each tensor from row `start`. */
export const rowsOf = (named: HostTensors, start: number, count: number): HostTensors =>
  Object.fromEntries(
    Object.entries(named).map(
      ([
        name,
        {
          dtype,
          shape: [, ...row],
          data,
        },
      ]) => {
        const size = row.reduce((product, n) => product * n, 1);
        return [name, { dtype, shape: [count, ...row], data: data.slice(start * size, (start + count) * size) }];
      },
    ),
  );
