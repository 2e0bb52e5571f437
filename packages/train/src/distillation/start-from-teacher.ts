import { join } from 'node:path';

import { InputError } from '@azclip/base';
import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { readModelConfig } from '@azclip/retrieval';
import { readSafetensors } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

import type { DualEncoderParams } from '../model/dual-encoder.ts';

/** Which parameters the image side is made of: tower, head and the temperature that fits both. Low-rank adapters stay fresh. */
const ofImages = (name: string): boolean => /^(?:imageTower|imageHead|loss)\./u.test(name);

/** `fresh` with the image side of a model folder of this project in the place of its own.
 * @param fresh - parameters; those that are replaced are freed.
 * @param imageTower - name of the run's own.
 * @throws {InputError} if the teacher has another image tower, naming it or a parameter that is missing or mis-shaped. */
export async function startFromTeacher(
  fresh: DualEncoderParams,
  folder: string,
  imageTower: string,
): Promise<DualEncoderParams> {
  const teacher = await readModelConfig(folder);
  if (teacher.imageTower !== imageTower) {
    const towers = `the teacher's, ${teacher.imageTower}, got ${imageTower}`;
    throw new InputError(`image.tower: expected ${towers}; with distillation.images: own it may be another`);
  }
  const path = join(folder, 'model.safetensors');
  const named = flattenParams(fresh as unknown as ParamTree);
  const missing = new Set(Object.keys(named).filter((name) => ofImages(name) && !name.includes('.lora.')));
  for await (const { name, shape, data } of readSafetensors(path, (tensor) => missing.has(tensor.name))) {
    const own = named[name] as tf.Tensor;
    if (own.shape.join() !== shape.join()) {
      const shapes = `[${own.shape.join(', ')}], got [${shape.join(', ')}]`;
      throw new InputError(`${path}: "${name}": expected ${shapes}; give the run the teacher's image tower and head`);
    }
    own.dispose();
    named[name] = tf.tensor(data, [...shape]);
    missing.delete(name);
  }
  const [lacking] = missing;
  if (lacking !== undefined) {
    throw new InputError(`${path}: expected "${lacking}"; give the run the teacher's image tower, head and loss`);
  }
  return unflattenParams(fresh as never, named);
}
