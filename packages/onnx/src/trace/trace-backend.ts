import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

import { UnmappedKernelError, TracedReadError } from '../errors.ts';
import type { ElementType, Graph, Value } from '../graph/graph.ts';
import { onlyOrAll, presentInputs } from '../kernels/inputs.ts';
import { applyKernel, kernelTable } from '../kernels/table.ts';
import { filled } from '../operators/shape.ts';
import { dataOfType, isHostType, type HostData } from '../runtime/host-tensor.ts';

/** Name of the TF.js backend that is active while a function is traced. */
export const traceBackendName = 'onnx-trace';

/** TF.js backend whose tensors are values of a graph, or, where nothing traced went into them, arrays of the host. */
export class TraceBackend extends MathBackendCPU {
  readonly #values = new WeakMap<object, Value>();
  #graph: Graph | undefined;

  constructor() {
    super();
    Reflect.set(this, 'firstUse', false); // no advice on the console to install another backend
  }

  /** Collects the nodes of everything that `record` computes in `graph`. */
  collect<Result>(graph: Graph, record: () => Result): Result {
    const outer = this.#graph;
    this.#graph = graph;
    try {
      return record();
    } finally {
      this.#graph = outer;
    }
  }

  /** A tensor that stands for `value`. */
  symbol(value: Value): tf.TensorInfo {
    const info = this.makeTensorInfo([...value.shape], value.dtype as tf.DataType, new Float32Array(0));
    this.#values.set(info.dataId, value);
    return info;
  }

  /** Whether a tensor depends on inputs of the graph. */
  isTraced({ dataId }: tf.TensorInfo): boolean {
    return this.#values.has(dataId);
  }

  /** The value of a tensor in the graph; arrays become constants. */
  valueFor(tensor: tf.TensorInfo): Value {
    const traced = this.#values.get(tensor.dataId);
    if (traced) return traced;
    if (!this.#graph) throw new TypeError('traced tensor: expected an open trace, got none');
    return constant(this.#graph, tensor);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    if (this.#values.has(dataId)) throw new TracedReadError();
    return super.readSync(dataId);
  }
}

/** A constant with the entries of a tensor, wherever it lives. Equal entries are one scalar, repeated at run time. */
function constant(graph: Graph, { dataId, dtype, shape }: tf.TensorInfo): Value {
  if (!isHostType(dtype)) {
    throw new TypeError(`traced function: expected float32, int32 or bool tensors, got ${dtype}`);
  }
  const data = dataOfType(dtype, tf.engine().readSync(dataId) as HostData);
  const first = data[0];
  if (data.length > 1 && first !== undefined && data.every((entry) => Object.is(entry, first))) {
    return filled(graph.constant(dtype, [], data.slice(0, 1)), shape, first);
  }
  return graph.constant(dtype, shape, data.slice());
}

/** Runs the mapping of a kernel if a traced value goes in, else the CPU's kernel. */
function kernelFunction(backend: TraceBackend, kernelName: string, onHost: tf.KernelFunc | undefined): tf.KernelFunc {
  const mapping = kernelTable.get(kernelName);
  return ({ inputs, attrs }) => {
    const given = presentInputs(inputs);
    const isTraced = given.some(([, tensor]) => backend.isTraced(tensor));
    if (!isTraced && onHost) return onHost({ inputs, backend, ...(attrs && { attrs }) });
    if (!mapping) throw new UnmappedKernelError(kernelName);
    const values = Object.fromEntries(given.map(([name, tensor]) => [name, backend.valueFor(tensor)]));
    const outputs = applyKernel(mapping, values, attrs ?? {}).map((value) => backend.symbol(value));
    return onlyOrAll(outputs);
  };
}

let registered: TraceBackend | undefined;

/** The trace backend, registered with TF.js at the first call. */
export function traceBackend(): TraceBackend {
  if (registered) return registered;
  const backend = new TraceBackend();
  const lowestPriority = -1;
  tf.registerBackend(traceBackendName, () => backend, lowestPriority);
  const onHost = new Map(tf.getKernelsForBackend('cpu').map((kernel) => [kernel.kernelName, kernel.kernelFunc]));
  for (const kernelName of new Set([...onHost.keys(), ...kernelTable.keys()])) {
    const kernelFunc = kernelFunction(backend, kernelName, onHost.get(kernelName));
    tf.registerKernel({ kernelName, backendName: traceBackendName, kernelFunc });
  }
  registered = backend;
  return backend;
}

/** Element types that a traced tensor may have. */
export type TracedType = Exclude<ElementType, 'int64'>;
