import { createRandom, InputError } from '@azclip/base';
import { countParams, evaluation, flattenParams } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { textTowerConfig, type TextTowerConfig } from './config.ts';
import { createTextTower } from './create-text-tower.ts';

const small = { name: 'bert', layers: 2, hidden: 8, heads: 2, ffn: 16, maxPosition: 10, contextLength: 6 };
const config = (rest: object): TextTowerConfig => textTowerConfig.parse({ ...small, ...rest });
const tokensOf = (rows: number[][], mask: number[][]) => ({
  ids: tf.tensor2d(rows, undefined, 'int32'),
  mask: tf.tensor2d(mask),
});

it.each(['mean', 'first', 'pooler', 'attention'])(
  'gives a caption the same feature whatever its padding: %s',
  (pooling) => {
    const tower = createTextTower(config({ pooling }), 12);
    const params = tower.init(createRandom(1));
    const short = tower.apply(params, tokensOf([[2, 5, 3]], [[1, 1, 1]]), evaluation);
    const padded = tower.apply(params, tokensOf([[2, 5, 3, 7, 0]], [[1, 1, 1, 0, 0]]), evaluation); // prettier-ignore
    expect(short.shape).toEqual([1, tower.featureDim]);
    expect(padded.dataSync()).toBeAllClose(short.dataSync(), 1e-5);
  },
);

it('counts the order of pieces, unlike a bag', () => {
  const tokens = tokensOf([[2, 5, 6, 3], [2, 6, 5, 3]], [[1, 1, 1, 1], [1, 1, 1, 1]]); // prettier-ignore
  const rowsDiffer = (tower: ReturnType<typeof createTextTower>): boolean => {
    const [a, b] = tf.unstack(tower.apply(tower.init(createRandom(2)), tokens, evaluation));
    return (tf.max(tf.abs(tf.sub(a as tf.Tensor, b as tf.Tensor))).dataSync()[0] ?? 0) > 1e-4;
  };
  expect(rowsDiffer(createTextTower(config({ pooling: 'first' }), 12))).toBe(true);
  expect(rowsDiffer(createTextTower(textTowerConfig.parse({ name: 'bag', dim: 8 }), 12))).toBe(false);
});

it('has the parameters of a BERT', () => {
  const count = (pooling: string): number =>
    countParams(createTextTower(config({ pooling }), 12).init(createRandom(3)));
  const embeddings = 12 * 8 + 10 * 8 + 2 * 8 + 2 * 8;
  const layer = 4 * (8 * 8 + 8) + 2 * 8 + (8 * 16 + 16) + (16 * 8 + 8) + 2 * 8;
  expect(count('mean')).toBe(embeddings + 2 * layer);
  expect(count('pooler')).toBe(embeddings + 2 * layer + 8 * 8 + 8);
});

it('freezes the embeddings and the first layers', () => {
  const tower = createTextTower(config({ freeze: { embeddings: true, layers: 1 } }), 12);
  const trained = Object.keys(flattenParams(tower.init(createRandom(4)))).filter((name) => !tower.isFrozen(name));
  expect(trained.every((name) => name.startsWith('layers.1.') || name.startsWith('pooler.'))).toBe(true);
  expect(trained).toContain('layers.1.attention.query.weight');
  expect(createTextTower(config({ freeze: { layers: 1 } }), 12).isFrozen('layers.10.ffnNorm.bias')).toBe(false);
});

it('names sizes that do not fit', () => {
  expect(() => createTextTower(config({ heads: 3 }), 12)).toThrow(InputError);
  expect(() => createTextTower(config({ contextLength: 11 }), 12)).toThrow(
    'contextLength: expected at most maxPosition, 10',
  );
});

it('frees all but its result', () => {
  const tower = createTextTower(config({ norm: 'pre' }), 12);
  const params = tower.init(createRandom(5));
  const tokens = tokensOf([[2, 5, 3]], [[1, 1, 1]]);
  const before = tf.memory().numTensors;
  tower.apply(params, tokens, evaluation).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
