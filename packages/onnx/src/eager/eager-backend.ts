import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

import { sizeOf } from '../graph/constants.ts';
import { encodeModel } from '../graph/encode.ts';
import { Graph } from '../graph/graph.ts';
import { onlyOrAll, presentInputs } from '../kernels/inputs.ts';
import type { KernelMapping } from '../kernels/kernel.ts';
import { applyKernel, kernelTable } from '../kernels/table.ts';
import {
  dataOfType,
  isHostType,
  runtimeTensor,
  zeroData,
  type HostData,
  type HostTensor,
  type HostType,
} from '../runtime/host-tensor.ts';
import { RecentCache } from '../runtime/recent-cache.ts';
import { createSession, unreadOutput, type Session, type SessionOptions } from '../runtime/session.ts';
import { hotKernels } from './hot-kernels.ts';

/** Name under which TF.js knows the eager backend. */
export const onnxBackendName = 'onnxruntime';

/** Options of the eager backend. */
export interface OnnxBackendOptions extends SessionOptions {
  /** Sessions kept, one for each kernel, attributes and shapes; default 256. */
  readonly cacheSize?: number;
  /** Largest input, in entries, that stays on the CPU's kernels; default: by kernel. 0 sends all to ONNX Runtime. */
  readonly smallSize?: number;
}

/** The CPU backend's storage under a name of its own; the kernels make the difference. */
class OnnxBackend extends MathBackendCPU {
  constructor() {
    super();
    Reflect.set(this, 'firstUse', false); // no advice on the console to install another backend
  }
}

interface EagerKernel {
  readonly session: Session;
  readonly outputs: readonly Pick<HostTensor, 'dtype' | 'shape'>[];
}

type NamedHostTensors = readonly (readonly [name: string, tensor: HostTensor])[];

/** The inputs as host tensors, or undefined when one is of a type that graphs do not have. */
function hostInputs(inputs: tf.NamedTensorInfoMap, backend: OnnxBackend): NamedHostTensors | undefined {
  const tensors: (readonly [string, HostTensor])[] = [];
  for (const [name, info] of presentInputs(inputs)) {
    if (!isHostType(info.dtype)) return undefined;
    const data = dataOfType(info.dtype, backend.data.get(info.dataId).values as HostData);
    tensors.push([name, { dtype: info.dtype, shape: info.shape, data }]);
  }
  return tensors;
}

const outputName = (index: number): string => `output ${String(index)}`;

function buildKernel(mapping: KernelMapping, inputs: NamedHostTensors, attributes: unknown, options: SessionOptions) {
  const graph = new Graph();
  const values = inputs.map(([name, { dtype, shape }]) => [name, graph.input(name, { dtype, shape })] as const);
  const outputs = applyKernel(mapping, Object.fromEntries(values), attributes);
  const model = encodeModel({
    inputs: inputs.map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    outputs: outputs.map((value, i) => ({ name: outputName(i), value })),
    emptySequences: [unreadOutput],
  });
  return {
    session: createSession(model, options),
    outputs: outputs.map(({ dtype, shape }) => ({ dtype: dtype as HostType, shape })),
  };
}

/** Sessions, and the backend whose storage their tensors are in. */
interface EagerContext {
  readonly backend: OnnxBackend;
  readonly cache: RecentCache<EagerKernel>;
  readonly options: OnnxBackendOptions;
}

/** A kernel that runs as a graph of its own when its inputs are large. */
function eagerKernel(
  { backend, cache, options }: EagerContext,
  kernelName: string,
  mapping: KernelMapping,
  onHost: tf.KernelFunc,
): tf.KernelFunc {
  const smallSize = options.smallSize ?? hotKernels.get(kernelName) ?? 0;
  return ({ inputs, attrs }) => {
    const isLarge = presentInputs(inputs).some(([, { shape }]) => sizeOf(shape) > smallSize);
    const tensors = isLarge ? hostInputs(inputs, backend) : undefined;
    if (!tensors) return onHost({ inputs, backend, ...(attrs && { attrs }) });
    const types = tensors.map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`).join();
    const { session, outputs } = cache.get(`${kernelName}${JSON.stringify(attrs ?? {})}${types}`, () =>
      buildKernel(mapping, tensors, attrs ?? {}, options),
    );
    const results = outputs.map((type) => ({ ...type, data: zeroData(type.dtype, type.shape) }));
    session.runInto(
      Object.fromEntries(tensors.map(([name, tensor]) => [name, runtimeTensor(tensor)])),
      Object.fromEntries(results.map((result, i) => [outputName(i), runtimeTensor(result)])),
    );
    return onlyOrAll(results.map(({ dtype, shape, data }) => backend.makeTensorInfo([...shape], dtype, data)));
  };
}

/** Worker threads that sleep between kernels: those of many sessions would take the cores from each other by waiting. */
const sleeping = { extra: { session: { intra_op: { allow_spinning: '0' } } } } as const;
const defaultCacheSize = 256;
const abovePlainCpu = 2;

/** Registers the TF.js backend `onnxruntime`: storage and small kernels of the CPU backend, large ones in ONNX Runtime.
 * Choosing it stays with the caller, `tf.setBackend('onnxruntime')`. The second call and later ones do nothing. */
export function registerOnnxBackend(options: OnnxBackendOptions = {}): void {
  if (onnxBackendName in tf.engine().registryFactory) return;
  const backend = new OnnxBackend();
  const cache = new RecentCache<EagerKernel>(options.cacheSize ?? defaultCacheSize, ({ session }) => {
    session.dispose();
  });
  const context = { backend, cache, options: { ...options, runtime: { ...sleeping, ...options.runtime } } };
  tf.registerBackend(onnxBackendName, () => backend, abovePlainCpu);
  for (const { kernelName, kernelFunc, ...hooks } of tf.getKernelsForBackend('cpu')) {
    const mapping = kernelTable.get(kernelName);
    const isHot = options.smallSize !== undefined || hotKernels.has(kernelName);
    const chosen = mapping && isHot ? eagerKernel(context, kernelName, mapping, kernelFunc) : kernelFunc;
    tf.registerKernel({ ...hooks, kernelName, backendName: onnxBackendName, kernelFunc: chosen });
  }
}
