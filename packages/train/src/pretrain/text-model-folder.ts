import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { mlmKeyMap, storedBert, type BertConfig } from '@azclip/encoder-text';
import type { Tokenizer } from '@azclip/encoder-text/tokenizer';
import { writeSafetensors } from '@azclip/weights';

import type { HostTensors } from '../step/host-tensors.ts';

/** Activations by the names that transformers gives them. */
const activationNames = { gelu: 'gelu', gelu_tanh: 'gelu_new', relu: 'relu', silu: 'silu', tanh: 'tanh' } as const;

/** Writes a pre-trained tower as the field stores it: `model.safetensors` in transformers' names, `config.json`,
 * `tokenizer.json`. `weights: <folder>` of a text tower reads it, and so does transformers' `BertForMaskedLM`.
 * It is filled beside its place and then put there.
 * @param params - parameters of an `MlmModel` by dotted name. */
export async function writeTextModel(
  folder: string,
  config: BertConfig,
  params: HostTensors,
  tokenizer: Tokenizer,
): Promise<void> {
  const building = `${folder}.building`;
  await rm(building, { recursive: true, force: true });
  const tensors = storedBert(params, mlmKeyMap(config.layers)).map((tensor) => ({
    ...tensor,
    name: tensor.name.startsWith('cls.') ? tensor.name : `bert.${tensor.name}`,
  }));
  await writeSafetensors(join(building, 'model.safetensors'), tensors, { format: 'pt' });
  await writeFileAtomic(join(building, 'config.json'), `${JSON.stringify(hubConfig(config, tokenizer), null, 2)}\n`);
  await writeFileAtomic(join(building, 'tokenizer.json'), JSON.stringify(tokenizer.toJson()));
  await rm(folder, { recursive: true, force: true });
  await rename(building, folder);
}

const hubConfig = (config: BertConfig, tokenizer: Tokenizer): object => ({
  architectures: ['BertForMaskedLM'],
  model_type: 'bert',
  vocab_size: tokenizer.vocabSize,
  hidden_size: config.hidden,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  intermediate_size: config.ffn,
  hidden_act: activationNames[config.activation],
  hidden_dropout_prob: config.dropout,
  attention_probs_dropout_prob: config.attentionDropout,
  max_position_embeddings: config.maxPosition,
  type_vocab_size: config.tokenTypes,
  layer_norm_eps: config.epsilon,
  pad_token_id: tokenizer.special.pad,
});
