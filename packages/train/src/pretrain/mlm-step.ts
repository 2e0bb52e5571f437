import type { Random } from '@azclip/base';
import {
  bert,
  frozenParams,
  initBert,
  initMlmHead,
  mlmLoss,
  type BertConfig,
  type BertParams,
  type MlmHeadParams,
} from '@azclip/encoder-text';
import { evaluation, flattenParams, unflattenParams, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { hostKeepMasks } from '../step/keep-mask.ts';
import type { StepFunction } from '../step/step-runner.ts';
import { withoutPrefix, withPrefix, type Named } from '../step/train-state.ts';
import type { PretrainConfig } from './config.ts';

/** A tower and the head that guesses hidden pieces. */
export interface MlmModel {
  readonly bert: BertParams;
  readonly head: MlmHeadParams;
}

/** Fresh parameters; poolings, which this task does not train, are not among them. */
export const initMlmModel = (config: BertConfig, vocabSize: number, random: Random): MlmModel => ({
  bert: initBert({ ...config, pooling: 'mean' }, vocabSize, random.fork('bert')),
  head: initMlmHead(config.hidden, vocabSize, random.fork('head')),
});

/** Parameters by dotted name. */
export const namedModel = (model: MlmModel): Named => flattenParams(model as unknown as ParamTree);

/** The state before the first step: the parameters, and zero moments for those that learn. */
export function initialMlmState(config: BertConfig, model: MlmModel): Named {
  const named = namedModel(model);
  const zeros = (): Named =>
    Object.fromEntries(learnedNames(config, named).map((name) => [name, tf.zerosLike(named[name] as tf.Tensor)]));
  return { ...withPrefix(named, 'params.'), ...withPrefix(zeros(), 'first.'), ...withPrefix(zeros(), 'second.') };
}

/** One step of masked language modelling as a pure function. Inputs: `ids`, `places`, `labels`, `weights`. Output:
 * `loss`.
 * @param template - any parameters of the model: only their names and form count. */
export function createMlmStep(
  template: MlmModel,
  { tower, train }: Pick<PretrainConfig, 'tower' | 'train'>,
): StepFunction {
  return (state, inputs, context) => {
    const params = withoutPrefix(state, 'params.');
    const names = learnedNames(tower, params);
    const mode: Mode = { training: true, keepMask: hostKeepMasks(context), updateBuffer: () => undefined };
    const { value, grads } = tf.valueAndGrads((...tensors) => {
      const moved = Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
      return lossOf(tower, modelOf(template, { ...params, ...moved }), inputs, mode);
    })(names.map((name) => params[name] as tf.Tensor));
    const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor]));
    return { state, outputs: { loss: value }, update: { gradients, rule: train } };
  };
}

/** The loss on a batch without dropout, as a function of parameters and batch by name: `{ loss }`. */
export const createMlmEvaluation =
  (template: MlmModel, tower: BertConfig) =>
  (inputs: Named): Named => ({ loss: lossOf(tower, modelOf(template, inputs), inputs, evaluation) });

const modelOf = (template: MlmModel, named: Named): MlmModel =>
  unflattenParams(template as unknown as ParamTree, named) as unknown as MlmModel;

function learnedNames(tower: BertConfig, params: Named): string[] {
  const frozen = frozenParams(tower);
  return Object.keys(params).filter((name) => !(name.startsWith('bert.') && frozen(name.slice('bert.'.length))));
}

function lossOf(tower: BertConfig, model: MlmModel, inputs: Named, mode: Mode): tf.Scalar {
  const ids = inputs['ids'] as tf.Tensor2D;
  const states = bert(tower, model.bert, { ids, mask: tf.ones(ids.shape) }, mode); // windows are full: nothing is padding
  return mlmLoss(model.head, model.bert.embeddings.word, states, {
    places: inputs['places'] as tf.Tensor1D,
    labels: inputs['labels'] as tf.Tensor1D,
    weights: inputs['weights'] as tf.Tensor1D,
    activation: tower.activation,
    epsilon: tower.epsilon,
  });
}
