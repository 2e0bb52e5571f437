import type { HostTensor } from '@azclip/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The `features` that an exported graph computes, as a model folder's reader would run it. */
export async function exportedFeatures(
  model: Uint8Array,
  inputs: Readonly<Record<string, HostTensor>>,
): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const feeds = Object.entries(inputs).map(([name, { dtype, shape, data }]) => [name, new Tensor(dtype, data, shape)]);
  const { features } = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
  await session.release();
  return features?.data as Float32Array;
}
