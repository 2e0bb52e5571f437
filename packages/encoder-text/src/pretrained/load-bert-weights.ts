import { InputError } from '@azclip/base';
import { bertKeyMap, loadWeights, type HubOptions, type NamedTensor, type TargetShapes } from '@azclip/weights';

import type { BertConfig } from '../config.ts';
import { keepRows } from './keep-rows.ts';

/** What the weights of a BERT are read by. */
export interface LoadBertOptions {
  /** Where hub ids are fetched from and kept. */
  readonly hub: HubOptions;
  /** For a trimmed vocabulary: the rows of the stored embedding table that remain. */
  readonly vocabulary?: { readonly keptIds: Int32Array; readonly fullSize: number };
}

/** Names of 48 layers, more than any BERT has, so that a checkpoint may be deeper than the tower. */
const map = { ...bertKeyMap(48), name: 'a transformers BERT' };

/** Parts that a checkpoint may lack, and that then keep their fresh values: poolings learned by the task. */
const freshParts = /^(?:pooler|pool)\./u;

/** Streams the parameters of a tower from the weights that its config names, in transformers' naming, with or without the
 * heads of pre-training. Of a larger checkpoint the first `config.layers` layers are taken.
 * @param shapes - the tower's parameters, shape by dotted name.
 * @throws {InputError} if no weights are named, or naming what is missing, unexpected or mis-shaped. */
export async function* loadBertWeights(
  { weights }: Pick<BertConfig, 'weights'>,
  shapes: TargetShapes,
  { hub, vocabulary }: LoadBertOptions,
): AsyncGenerator<NamedTensor> {
  if (weights === undefined) throw new InputError('weights: expected a file, a folder or a hub id, got none');
  const word = 'embeddings.word';
  const [rows = 0, hidden = 0] = shapes[word] ?? [];
  if (vocabulary && vocabulary.keptIds.length !== rows) {
    const kept = String(vocabulary.keptIds.length);
    throw new InputError(`vocabulary: expected ${String(rows)} kept pieces for the tower's embeddings, got ${kept}`);
  }
  const stored = vocabulary ? { ...shapes, [word]: [vocabulary.fullSize, hidden] } : shapes;
  const mayMiss = (name: string): boolean => freshParts.test(name);
  for await (const tensor of loadWeights(weights, map, stored, { hub, mayMiss })) {
    yield vocabulary && tensor.name === word ? keepRows(tensor, vocabulary.keptIds) : tensor;
  }
}
