import { encodeModel } from '../graph/encode.ts';
import { Graph } from '../graph/graph.ts';
import { blockedConv } from '../operators/blocked-convolution.ts';
import { conv, type Window } from '../operators/convolution.ts';
import { transpose } from '../operators/shape.ts';
import { runtimeTensor, type HostTensor } from './host-tensor.ts';
import { createSession } from './session.ts';

/** What processors have: AVX2 eight floats in a vector, AVX-512 sixteen, NEON four. */
const candidates = [8, 16, 4];

let found: { readonly block: number | undefined } | undefined;

/** Channels in a block of ONNX Runtime's blocked images on this processor; undefined where it has none. It does not tell, so
 * that a small convolution is tried, once, until one comes out right. */
export function channelBlock(): number | undefined {
  found ??= { block: candidates.find(isRight) };
  return found.block;
}

/** Small whole numbers, so that every order of sums gives the same. */
function example(shape: readonly number[]): HostTensor {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 17) - 8);
  return { dtype: 'float32', shape, data };
}

const window: Window = { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], output: [3, 2] };

function isRight(block: number): boolean {
  const [image, weights] = [example([2, 3, 2, 32]), example([3, 3, 32, 16])];
  const graph = new Graph();
  const [x, filter] = [graph.input('x', image), graph.input('filter', weights)];
  const plain = conv(transpose(x, [0, 3, 1, 2]), transpose(filter, [3, 2, 0, 1]), window);
  const model = encodeModel({
    inputs: [
      { name: 'x', ...image },
      { name: 'filter', ...weights },
    ],
    outputs: [
      { name: 'plain', value: transpose(plain, [0, 2, 3, 1]) },
      { name: 'blocked', value: blockedConv(x, filter, window, block) },
    ],
  });
  try {
    const session = createSession(model, { threads: 1 });
    const feeds = { x: runtimeTensor(image), filter: runtimeTensor(weights) };
    const results = session.run(feeds, { plain: null, blocked: null });
    session.dispose();
    const [expected, actual] = [results.plain, results.blocked].map((tensor) => [...(tensor?.data as Float32Array)]);
    return actual?.every((value, i) => value === expected?.[i]) ?? false;
  } catch {
    return false; // this build of ONNX Runtime has no blocked operators for this processor
  }
}
