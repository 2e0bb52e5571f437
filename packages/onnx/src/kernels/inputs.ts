import type * as tf from '@tensorflow/tfjs';

/** The tensors that a kernel was given, by name; optional ones that are absent are left out. */
export const presentInputs = (inputs: tf.NamedTensorInfoMap): readonly (readonly [string, tf.TensorInfo])[] =>
  Object.entries(inputs as Readonly<Record<string, tf.TensorInfo | null | undefined>>).filter(
    (entry): entry is [string, tf.TensorInfo] => Boolean(entry[1]),
  );

/** What a TF.js kernel returns: its one output, or the list of them. */
export function onlyOrAll(outputs: tf.TensorInfo[]): tf.TensorInfo | tf.TensorInfo[] {
  const [first, ...others] = outputs;
  return first && others.length === 0 ? first : outputs;
}
