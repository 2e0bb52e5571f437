import { loadBertWeights, type TextTowerConfig } from '@azclip/encoder-text';
import type { ParamTree } from '@azclip/nn';
import type { HubOptions } from '@azclip/weights';

import { withStoredValues } from './with-stored-values.ts';

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
  const { weights } = config;
  const options = vocabulary ? { hub, vocabulary } : { hub };
  return withStoredValues(fresh, (shapes) => loadBertWeights({ weights }, shapes, options));
}
