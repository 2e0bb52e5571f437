import { availableParallelism } from 'node:os';

import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { binding, initOrt } from 'onnxruntime-node/dist/binding.js';

/** How ONNX Runtime runs a graph. */
export interface SessionOptions {
  /** Threads inside an operator; default: all cores that the process may use. */
  readonly threads?: number;
  /** Further options of ONNX Runtime, over the defaults here. */
  readonly runtime?: InferenceSession.SessionOptions;
}

/** Tensors by the names of a graph's inputs or outputs. */
export type RuntimeTensors = Readonly<Record<string, Tensor>>;

/** A graph that is ready to run. */
export interface Session {
  /** Runs the graph at once, on the calling thread.
   * @param fetches - the outputs wanted: a tensor to write into, or null to have one made. */
  run(feeds: RuntimeTensors, fetches: Readonly<Record<string, Tensor | null>>): RuntimeTensors;
  /** Runs the graph at once, on the calling thread, and writes its outputs into `fetches` alone. The binding would copy each of
   * them into a fresh array as well, gigabytes a step for a large model. It stops doing so at the first output that it cannot
   * hand over, which all the same comes after the run: a sequence, which the graph must have as `unreadOutput`
   * (docs/decisions/0141). A binding that hands sequences over makes the run slower, not wrong. */
  runInto(feeds: RuntimeTensors, fetches: RuntimeTensors): void;
  /** Frees the graph. */
  dispose(): void;
}

/** Name of the output for {@link Session.runInto}. */
export const unreadOutput = 'unread';

/** What the binding says of an output that is no tensor. */
const notHandedOver = 'Non tensor type is temporarily not supported.';

/** Worker threads wait for work actively while a graph runs and sleep when it ends; subnormal numbers count as zero; a left
 * operand that the graph turns stays turned (`gemm`). */
const configuration = {
  optimization: { disable_specified_optimizers: 'GemmTransposeFusion' },
  session: { force_spinning_stop: '1', set_denormal_as_zero: '1' },
};

/** Makes a session of an encoded graph.
 * The synchronous binding is used, not `InferenceSession.create`: TF.js kernels must give their result at once, and
 * thousands of small steps must not each wait for a turn of the event loop. */
export function createSession(model: Uint8Array, { threads, runtime = {} }: SessionOptions = {}): Session {
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, {
    intraOpNumThreads: threads ?? availableParallelism(),
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // its one planned block comes on top of the arena of the first run: no faster, 1.7 × the memory
    logSeverityLevel: 3,
    extra: configuration,
    ...runtime,
  });
  return {
    run: (feeds, fetches) => session.run(feeds, fetches, {}),
    runInto: (feeds, fetches) => {
      try {
        session.run(feeds, { [unreadOutput]: null, ...fetches }, {});
      } catch (error) {
        if (!(error as Error).message.endsWith(notHandedOver)) throw error;
      }
    },
    dispose: () => {
      session.dispose();
    },
  };
}
