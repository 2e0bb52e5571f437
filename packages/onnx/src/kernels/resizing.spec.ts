import * as tf from '@tensorflow/tfjs';

import { compile } from '../compile.ts';
import { checkCase, floats, type KernelCase } from './reference.spec.support.ts';

type Resize = (x: tf.Tensor4D, size: [number, number], alignCorners?: boolean, halfPixel?: boolean) => tf.Tensor;
const modes: readonly (readonly [string, boolean, boolean])[] = [
  ['from the corner', false, false],
  ['with corners aligned', true, false],
  ['at pixel centres', false, true],
];
const sizes: readonly (readonly [string, [number, number]])[] = [
  ['larger', [7, 6]],
  ['smaller', [2, 3]],
  ['to one pixel', [1, 1]],
];

const resizes: Record<string, Resize> = { bilinear: tf.image.resizeBilinear, nearest: tf.image.resizeNearestNeighbor };

const cases: KernelCase[] = Object.entries(resizes).flatMap(([name, resize]) =>
  modes.flatMap(([mode, alignCorners, halfPixel]) =>
    sizes.map(([described, size]) => ({
      name: `${name} ${mode}, ${described}`,
      inputs: [floats(1, 5, 5, 3)],
      fn: (x: tf.Tensor) => resize(x as tf.Tensor4D, size, alignCorners, halfPixel),
      // the CPU backend's gradients know no pixel centres, square images only, and one image only where nearest
      gradient: !halfPixel,
    })),
  ),
);

it.each(cases)('resizing, $name, equals the CPU backend, forward and gradient', checkCase);

it.each(Object.entries(resizes))(
  'resizing, %s, of images that are not square, equals the CPU backend',
  async (name, resize) => {
    // the CPU backend takes width for height in its gradients
    const fn = (x: tf.Tensor) => resize(x as tf.Tensor4D, [6, 7]);
    await checkCase({ name, inputs: [floats(2, 4, 5, 3)], fn: fn, gradient: false });
  },
);

it('adds the gradients of all pixels that were made of an entry', async () => {
  // one row [a, b] made 4 wide: a, (a + b) / 2, b, b
  const compiled = compile(({ x }) => ({
    gradient: tf.grad((input) => tf.sum(tf.mul(tf.image.resizeBilinear(input as tf.Tensor4D, [1, 4]), weights())))(
      x as tf.Tensor,
    ),
  }));
  const weights = () => tf.tensor4d([1, 10, 100, 1000], [1, 1, 4, 1]);
  const { gradient } = await compiled.run({
    x: { dtype: 'float32', shape: [1, 1, 2, 1], data: Float32Array.of(7, 8) },
  });
  compiled.dispose();
  expect(gradient?.data).toBeAllClose([1 + 5, 5 + 100 + 1000]);
});
