import type { InferenceSession } from 'onnxruntime-node';

/** How graphs are run here: a session's threads sleep between its runs. Waiting busily, as is ONNX Runtime's habit, they take
 * the cores from the server that asks them, and from the other sessions (docs/decisions/0155).
 * @param threads - cores for one run; 0 leaves the choice to ONNX Runtime. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
