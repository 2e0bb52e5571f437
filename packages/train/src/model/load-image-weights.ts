import { loadImageWeights, type ImageTower, type ImageTowerConfig } from '@azclip/encoders-image';
import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import type { HubOptions } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

/** `fresh` with the values that the config's `weights` name; itself where it names none, or where the tower is frozen and
 * has read them already.
 * @param fresh - parameters of the image tower; those that are replaced are freed.
 * @throws {InputError} naming what is missing, unexpected or mis-shaped. */
export async function withImageWeights(
  fresh: ParamTree,
  tower: Pick<ImageTower, 'fingerprint'>,
  config: ImageTowerConfig,
  hub: HubOptions,
): Promise<ParamTree> {
  if (tower.fingerprint !== undefined || !('weights' in config) || config.weights === undefined) return fresh;
  const named = flattenParams(fresh);
  const stored = Object.entries(named).filter(([name]) => !name.includes('.lora.')); // adapters are never stored
  const shapes = Object.fromEntries(stored.map(([name, { shape }]) => [name, shape]));
  for await (const { name, shape, data } of loadImageWeights(config, shapes, { hub })) {
    named[name]?.dispose();
    named[name] = tf.tensor(data, [...shape]);
  }
  return unflattenParams(fresh, named);
}
