import { InputError } from '@azclip/base';
import type { ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { bag, initBag, type BagParams } from './bag.ts';
import { bert, initBert, type BertParams } from './bert.ts';
import type { BagConfig, BertConfig, TextTowerConfig } from './config.ts';
import { poolTokens } from './pool-tokens.ts';
import type { TextTower } from './text-tower.ts';

/** Makes the tower that `config` names.
 * @param vocabSize - pieces of the tokenizer that feeds it.
 * @throws {InputError} if sizes of the config do not fit one another. */
export function createTextTower(config: TextTowerConfig, vocabSize: number): TextTower {
  return config.name === 'bag' ? bagTower(config, vocabSize) : bertTower(config, vocabSize);
}

/** Parameters as a tree of plain records: interfaces have no index signature, though their content is a tree. */
const treeOf = (params: BagParams | BertParams): ParamTree => params as unknown as ParamTree;

function bagTower(config: BagConfig, vocabSize: number): TextTower {
  return {
    name: config.name,
    featureDim: config.dim,
    contextLength: config.contextLength,
    init: (random) => treeOf(initBag(config, vocabSize, random)),
    isFrozen: () => false,
    apply: (params, tokens, mode) => bag(config, params as unknown as BagParams, tokens, mode),
  };
}

function bertTower(config: BertConfig, vocabSize: number): TextTower {
  const { hidden, heads, contextLength, maxPosition } = config;
  if (hidden % heads !== 0) {
    throw new InputError(`heads: expected a divisor of hidden, ${String(hidden)}, got ${String(heads)}`);
  }
  if (contextLength > maxPosition) {
    const most = String(maxPosition);
    throw new InputError(`contextLength: expected at most maxPosition, ${most}, got ${String(contextLength)}`);
  }
  const firstOnly = config.pooling === 'first' || config.pooling === 'pooler';
  return {
    name: config.name,
    featureDim: hidden,
    contextLength,
    init: (random) => treeOf(initBert(config, vocabSize, random)),
    isFrozen: frozenParams(config),
    apply: (params, tokens, mode) =>
      tf.tidy(() => {
        const own = params as unknown as BertParams;
        return poolTokens(config.pooling, own, bert(config, own, tokens, mode, firstOnly), tokens.mask);
      }),
  };
}

/** Which parameters of a BERT are kept as they are while training, by dotted name, as `config.freeze` says. */
export function frozenParams({ freeze }: BertConfig): (name: string) => boolean {
  return (name) => {
    if (name.startsWith('embeddings.')) return freeze.embeddings;
    const [, layer] = /^layers\.(\d+)\./u.exec(name) ?? [];
    return layer !== undefined && Number(layer) < freeze.layers;
  };
}
