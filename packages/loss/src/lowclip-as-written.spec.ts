import * as tf from '@tensorflow/tfjs';

import { finiteDifferences, leakedTensors } from './finite-differences.spec.helper.ts';
import { lowclipAsWritten } from './lowclip-as-written.ts';

const hinge = { margin: 0.2, weight: 1 };

/** The loss of freely chosen similarities: with texts = identity, image · text is the entry itself. */
const ofSimilarities = (similarities: tf.Tensor, weight = 1): tf.Scalar =>
  lowclipAsWritten(similarities as tf.Tensor2D, tf.eye(similarities.shape[0]), { margin: 0.2, weight });

const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const valueOf = (similarities: number[][], weight = 1): number =>
  values(ofSimilarities(tf.tensor2d(similarities), weight))[0] ?? NaN;

it('is the printed equations by hand', () => {
  // row 1: log softmax 0.5 − ln(e^0.5 + e^0.1), M = 0.1; row 2: 0.4 − ln(e^0.3 + e^0.4), M = 0.3 (beyond the margin)
  const likelihood = 0.5 - Math.log(Math.exp(0.5) + Math.exp(0.1)) + 0.4 - Math.log(Math.exp(0.3) + Math.exp(0.4));
  expect(
    valueOf([
      [0.5, 0.1],
      [0.3, 0.4],
    ]),
  ).toBeCloseTo(-(likelihood + (0.2 - 0.1) ** 2), 5);
});

it('is wrong in that its margin term pushes away what is farthest already, and nothing else', () => {
  const similarities = tf.tensor2d([
    [0.9, 0.1, -0.3],
    [-0.5, 0.8, 0.15],
    [0.05, -0.1, 0.7],
  ]);
  const gradient = (weight: number): tf.Tensor => tf.grad((x) => ofSimilarities(x, weight))(similarities);
  const ofMargin = values(tf.sub(gradient(1), gradient(0)));
  // 2 (m − M) at the smallest similarity of each row; descent lowers it further
  expect(ofMargin).toBeAllClose([0, 0, 1, 1.4, 0, 0, 0, 0.6, 0], 1e-4);
});

it('is wrong in that it falls without limit as one wrong pair goes off', () => {
  const at = (farthest: number): number =>
    valueOf([
      [1, farthest],
      [0, 1],
    ]);
  const falls = [-10, -100, -1000].map((farthest) => at(farthest) / farthest ** 2);
  expect(falls).toBeAllClose([-1, -1, -1], 0.1); // −λ M²
});

it('is wrong in that no reading of s fits both terms: as similarity the margin misses, as distance the softmax', () => {
  const texts = tf.tensor2d([
    [0.5, 0.1],
    [0.1, 0.5],
  ]);
  // with unit vectors as images s is the table of texts, so the gradient by the texts is that by s
  const slopes = (weight: number): number[] =>
    Array.from(
      tf
        .grad((x) => lowclipAsWritten(tf.eye(2), x as tf.Tensor2D, { margin: 0.2, weight }))(texts)
        .dataSync(),
    );
  const [ofMatch = NaN, ofWrong = NaN] = slopes(0);
  expect([ofMatch < 0, ofWrong > 0]).toEqual([true, true]); // descent raises s of the match: right for a similarity alone
  const byMargin = (slopes(1)[1] ?? NaN) - ofWrong;
  expect(byMargin).toBeCloseTo(2 * (0.2 - 0.1), 5); // descent lowers the smallest s: a distance would draw near what is wrong
});

it('is wrong in that it looks from images to texts alone', () => {
  const similarities = [
    [0.9, 0.1],
    [0.8, 0.85],
  ];
  const transposed = [
    [0.9, 0.8],
    [0.1, 0.85],
  ];
  expect(valueOf(similarities, 0)).not.toBeCloseTo(valueOf(transposed, 0), 2);
});

it('is wrong in that it grows with the batch', () => {
  const rows = tf.eye(4);
  const half = rows.slice([0, 0], [2, 4]);
  const ratio = tf.div(
    lowclipAsWritten(rows, rows, { ...hinge, weight: 0 }),
    lowclipAsWritten(half, half, { ...hinge, weight: 0 }),
  );
  expect(values(ratio)[0]).toBeGreaterThan(2); // twice the rows, and more negatives in each
});

it('is wrong in that cosines without a temperature cannot come near 0', () => {
  const count = 64;
  const best = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => (i === j ? 1 : -1)));
  expect(valueOf(best, 0) / count).toBeCloseTo(Math.log(1 + (count - 1) * Math.exp(-2)), 4); // 2.25 a row at the very best
});

it('has the gradient of its values', () => {
  const images = tf.tensor2d([
    [0.6, -0.8],
    [0.2, 0.5],
    [1, 0.3],
  ]);
  const texts = tf.tensor2d([
    [0.1, 0.7],
    [-0.4, 0.2],
    [0.5, 0.5],
  ]);
  const loss = (x: tf.Tensor): tf.Scalar => lowclipAsWritten(x as tf.Tensor2D, texts, hinge);
  expect(tf.grad(loss)(images).dataSync()).toBeAllClose(finiteDifferences(loss, images, 1e-3), 5e-3);
});

it('leaves no tensor behind', () => {
  const rows = tf.eye(3);
  expect(leakedTensors(() => lowclipAsWritten(rows, rows, hinge))).toBe(0);
});
