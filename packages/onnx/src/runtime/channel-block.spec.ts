import * as tf from '@tensorflow/tfjs';

import { liveNodes } from '../graph/encode.ts';
import { trace } from '../trace/trace.ts';
import { channelBlock } from './channel-block.ts';

/** Domains of the convolutions that a trained one of these shapes becomes, forward and back. */
const domainsOf = (image: [number, number, number, number], filter: [number, number, number, number]): string[] =>
  trace((tracer) => {
    const x = tracer.input('x', { dtype: 'float32', shape: image }) as tf.Tensor4D;
    const weights = tracer.input('filter', { dtype: 'float32', shape: filter }) as tf.Tensor4D;
    const [gradient] = tf.grads((a, b) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')))([
      x,
      weights,
    ]);
    const values = [tf.conv2d(x, weights, 1, 'same'), gradient as tf.Tensor].map((tensor) => tracer.valueFor(tensor));
    return liveNodes(values).flatMap(({ operator, domain }) => (operator === 'Conv' ? [domain] : []));
  });

it('is found where the processor has one, and the same when asked again', () => {
  expect([undefined, 4, 8, 16]).toContain(channelBlock());
  expect(channelBlock()).toBe(channelBlock());
});

it('takes over trained convolutions whose channels it divides, forward and back, and no others', () => {
  const own = channelBlock() === undefined ? '' : 'com.microsoft.nchwc';
  expect(domainsOf([1, 4, 4, 32], [3, 3, 32, 16])).toEqual([own, own]);
  expect(domainsOf([1, 4, 4, 3], [3, 3, 3, 16])).toEqual(['', '']);
});
