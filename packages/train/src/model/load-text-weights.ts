import { loadBertWeights, type TextTowerConfig } from '@azclip/encoder-text';
import { flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import type { HubOptions } from '@azclip/weights';
import * as tf from '@tensorflow/tfjs';

/** Which rows of a stored embedding table the tokenizer's pieces are, where its vocabulary was trimmed. */
export interface KeptVocabulary {
  readonly keptIds: Int32Array;
  readonly fullSize: number;
}

/** `fresh` with the values that the config's `weights` name; itself where it names none.
 * @param fresh - parameters of the text tower; those that are replaced are freed.
 * @throws {InputError} naming what is missing, unexpected or mis-shaped. */
export async function withTextWeights(
  fresh: ParamTree,
  config: TextTowerConfig,
  hub: HubOptions,
  vocabulary: KeptVocabulary | undefined,
): Promise<ParamTree> {
  if (config.name === 'bag' || config.weights === undefined) return fresh;
  const named = flattenParams(fresh);
  const stored = Object.entries(named).filter(([name]) => !name.includes('.lora.')); // adapters are never stored
  const shapes = Object.fromEntries(stored.map(([name, { shape }]) => [name, shape]));
  const options = vocabulary ? { hub, vocabulary } : { hub };
  for await (const { name, shape, data } of loadBertWeights({ weights: config.weights }, shapes, options)) {
    named[name]?.dispose();
    named[name] = tf.tensor(data, [...shape]);
  }
  return unflattenParams(fresh, named);
}
