import { batchNorm, transformerLayer } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

/** Deterministic noise of about the given standard deviation. */
function noise(shape, deviation, seed) {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let state = seed * 7919 + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (state / 2 ** 32 - 0.5) * deviation * Math.sqrt(12);
  }
  return { dtype: 'float32', shape, data };
}

/** Values and gradients of Σ fn(inputs) · upstream with respect to every input but the last, which is `upstream`. */
const withGradients = (fn) => (named) => {
  const inputs = Object.values(named);
  const upstream = inputs.pop();
  const gradients = tf.grads((...leaves) => tf.sum(tf.mul(fn(...leaves), upstream)))(inputs);
  return Object.fromEntries(gradients.map((gradient, i) => [`gradient${i}`, gradient]));
};

const named = (tensors) => Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));

/** One layer of BERT-base, 16 texts of 64 tokens, with gradients of everything. */
function bertLayer([batch, tokens, dim, heads, inner] = [16, 64, 768, 12, 3072]) {
  const linear = ([rows, columns], i) => [noise([rows, columns], 0.02, i), noise([columns], 0.02, i + 20)];
  const maps = [
    [dim, dim],
    [dim, dim],
    [dim, dim],
    [dim, dim],
    [dim, inner],
    [inner, dim],
  ].flatMap(linear);
  const norms = [1, 2, 3, 4].map((i) => noise([dim], 1, i + 40));
  const options = { heads, activation: 'gelu', norm: 'post', epsilon: 1e-12, mode: { training: false } };
  const layer = (x, ...rest) => {
    const [query, key, value, output, up, down] = [0, 2, 4, 6, 8, 10].map((i) => ({
      weight: rest[i],
      bias: rest[i + 1],
    }));
    const [attentionNorm, ffnNorm] = [12, 14].map((i) => ({ scale: rest[i], bias: rest[i + 1] }));
    const params = { attention: { query, key, value, output }, attentionNorm, ffn: { up, down }, ffnNorm };
    return transformerLayer(params, x, options);
  };
  const products = 2 * batch * tokens * (4 * dim * dim + 2 * dim * inner) + 4 * batch * tokens * tokens * dim;
  return {
    fn: withGradients(layer),
    inputs: named([noise([batch, tokens, dim], 1, 91), ...maps, ...norms, noise([batch, tokens, dim], 1, 92)]),
    flops: 3 * products,
  };
}

/** A bottleneck of ResNet-50's second stage, 16 images, batch norm in training, with gradients of everything. */
function bottleneck([batch, size, channels, inner] = [16, 28, 512, 128]) {
  const shapes = [
    [1, 1, channels, inner],
    [3, 3, inner, inner],
    [1, 1, inner, channels],
  ];
  const filters = shapes.map((shape, i) => noise(shape, 0.05, i));
  const norms = shapes.flatMap((shape, i) => [noise([shape[3]], 1, i + 10), noise([shape[3]], 1, i + 20)]);
  // Running statistics are left out: an input that nothing reads stands for them.
  const mode = { training: true, updateBuffer: () => undefined };
  const norm = (x, scale, bias) => batchNorm({ scale, bias, runningMean: scale, runningVar: scale }, x, mode);
  const block = (x, f1, f2, f3, s1, b1, s2, b2, s3, b3) => {
    const first = tf.relu(norm(tf.conv2d(x, f1, 1, 'same'), s1, b1));
    const second = tf.relu(norm(tf.conv2d(first, f2, 1, 'same'), s2, b2));
    return tf.relu(tf.add(norm(tf.conv2d(second, f3, 1, 'same'), s3, b3), x));
  };
  const image = [batch, size, size, channels];
  return {
    fn: withGradients(block),
    inputs: named([noise(image, 1, 91), ...filters, ...norms, noise(image, 1, 92)]),
    flops: 3 * 2 * batch * size * size * (2 * channels * inner + 9 * inner * inner),
  };
}

/** The works of the benchmark by name; the same as in engine-layers.py. */
export const works = { 'bert-layer': bertLayer, bottleneck };
