import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import type { NamedTensor, TargetShapes } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

/** `fresh` with the values that `load` streams in their places; low-rank adapters, which are never stored, stay fresh.
 * @param fresh - parameters of a tower; those that are replaced are freed.
 * @param load - reads the stored values of parameters, given their shapes by dotted name. */
export async function withStoredValues(
  fresh: ParamTree,
  load: (shapes: TargetShapes) => AsyncIterable<NamedTensor>,
): Promise<ParamTree> {
  const named = flattenParams(fresh);
  const stored = Object.entries(named).filter(([name]) => !name.includes('.lora.'));
  const shapes = Object.fromEntries(stored.map(([name, { shape }]) => [name, shape]));
  for await (const { name, shape, data } of load(shapes)) {
    named[name]?.dispose();
    named[name] = tf.tensor(data, [...shape]);
  }
  return unflattenParams(fresh, named);
}
