import type { NamedTensors } from '@azclip/nn';
import { bertKeyMap, type KeyMap, type KeyRule, type TensorToWrite } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

/** Parameters of a BERT under transformers' names and in torch's layouts, so that any tool of the field reads them.
 * Parts that transformers has no name for, such as attention pooling, are left out.
 * @param params - by our dotted names.  @param map - whose names. */
export function storedBert(params: NamedTensors, map: KeyMap = bertKeyMap(48)): TensorToWrite[] {
  const rules = new Map(map.rules.map((rule) => [rule.ours, rule]));
  return Object.entries(params).flatMap(([ours, tensor]) => {
    const rule = rules.get(ours);
    return rule ? [storedTensor(rule, tensor)] : [];
  });
}

function storedTensor({ stored, layout }: KeyRule, tensor: tf.Tensor): TensorToWrite {
  const [rows = 1, columns = 1] = tensor.shape;
  const transposed = layout === 'linear';
  const data = (): Float32Array =>
    tf.tidy(() => (transposed ? tf.transpose(tensor) : tensor).dataSync<'float32'>().slice());
  return { name: stored, dtype: 'float32', shape: transposed ? [columns, rows] : tensor.shape, data };
}
