import * as tf from '@tensorflow/tfjs';

import { Graph, type Value, type ValueType } from '../graph/graph.ts';
import type { HostTensor } from '../runtime/host-tensor.ts';
import { traceBackend, traceBackendName, type TraceBackend } from './trace-backend.ts';

/** Tensors by name. */
export type NamedTensors = Record<string, tf.Tensor>;

/** Makes inputs of the graph that is being traced. */
export interface Tracer {
  /** A traced tensor that is given at run time under `name`. */
  input(name: string, type: ValueType): tf.Tensor;
  /** A tensor that the graph holds under `name`. */
  constant(name: string, tensor: HostTensor): tf.Tensor;
  /** The value behind a tensor. */
  valueFor(tensor: tf.TensorInfo): Value;
}

function tracer(backend: TraceBackend, graph: Graph): Tracer {
  const tensor = (value: Value) => tf.engine().makeTensorFromTensorInfo(backend.symbol(value), backend);
  return {
    input: (name, type) => tensor(graph.input(name, type)),
    constant: (name, { dtype, shape, data }) => tensor(graph.constant(dtype, shape, data, name)),
    valueFor: (info) => backend.valueFor(info),
  };
}

/** Runs `record` on the trace backend; the backend that was active before is so again afterwards, in all cases.
 * `setBackend` acts at once for backends whose factory is synchronous, as these are. */
function onTraceBackend<Result>(record: (backend: TraceBackend) => Result): Result {
  const backend = traceBackend();
  const previous = (tf.getBackend() as string | undefined) ?? 'cpu';
  void tf.setBackend(traceBackendName);
  try {
    return record(backend);
  } finally {
    void tf.setBackend(previous);
  }
}

/** Traces TF.js operations into a graph. No tensor stays: those that `record` made are freed when it ends.
 * @param record - applies TF.js to inputs made by the tracer, and gives values back, not tensors.
 * @throws {UnmappedKernelError} on a kernel that the table lacks.
 * @throws {TracedReadError} when a traced tensor is read. */
export function trace<Result>(record: (tracer: Tracer) => Result): Result {
  return onTraceBackend((backend) => {
    const graph = new Graph();
    return backend.collect(graph, () => {
      const engine = tf.engine();
      engine.startScope('onnx-trace');
      try {
        return record(tracer(backend, graph));
      } finally {
        engine.endScope();
      }
    });
  });
}
