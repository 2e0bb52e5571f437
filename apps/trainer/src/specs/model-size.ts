import type { Random } from '@azclip/base';
import { bertConfig, createTextTower } from '@azclip/encoder-text';
import { countParams, flattenParams, initProjection, projectionConfig, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Chance that is none: where values do not count, only how many there are. */
export const none: Random = { uniform: () => 0.5, normal: () => 0, integer: () => 0, fork: () => none };

/** The head of the paper on both sides: linear with bias, then layer norm, to 512. */
const head = projectionConfig.parse({ head: 'linear-norm', dim: 512 });

/** Pieces of multilingual BERT's vocabulary without letter case: https://huggingface.co/google-bert/bert-base-multilingual-uncased. */
const uncasedPieces = 105_879;

/** Trainable values of what `init` makes; it is freed at once. */
function counted(init: () => ParamTree): number {
  const params = init();
  const count = countParams(params);
  tf.dispose(flattenParams(params));
  return count;
}

/** Trainable values of the paper's head on a tower of so many features. */
export const headParameters = (featureDim: number): number =>
  counted(() => initProjection(head, featureDim, none) as unknown as ParamTree);

/** Trainable values of the paper's text side: multilingual BERT without letter case, its pooler, and a head. They grow evenly by
 * layers and by pieces, so three small ones tell, without 640 MB of values. */
export function textSideParameters(): number {
  const config = bertConfig.parse({ name: 'bert-base-multilingual-uncased' });
  const count = (layers: number, pieces: number): number =>
    counted(() => createTextTower({ ...config, layers }, pieces).init(none));
  const [smallest, layer, piece] = [count(1, 1), count(2, 1), count(1, 2)] as const;
  const tower = smallest + (config.layers - 1) * (layer - smallest) + (uncasedPieces - 1) * (piece - smallest);
  return tower + headParameters(config.hidden);
}
