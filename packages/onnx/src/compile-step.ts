import type { Tensor } from 'onnxruntime-node';

import { runtimeTensor, zeroData, type HostTensor } from './runtime/host-tensor.ts';
import { RecentCache } from './runtime/recent-cache.ts';
import type { SessionOptions } from './runtime/session.ts';
import { buildProgram, graphName, type Program, type SignatureOf, type StepFunction } from './trace/program.ts';

/** Host tensors by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Options of a compiled function. */
export interface CompileOptions extends SessionOptions {
  /** Number of input signatures (names, types, shapes) kept compiled; the one unused longest goes first. Default 8. */
  readonly cacheSize?: number;
  /** Whether the state stays in the very arrays that are given, where others may read and write it between runs. Otherwise
   * they are copied at the start. Default false. */
  readonly adoptState?: boolean;
}

/** A function with state, traced once per signature of its inputs and run as one graph. */
export interface CompiledStep {
  /** Runs the step on its state. Traces first when these shapes are new.
   * @param inputs - by name; the memory is read during the run only.
   * @param seed - given to the `fill` of every host input; default 0.
   * @returns the outputs, in memory of their own. */
  run(inputs: HostTensors, seed?: number): Promise<HostTensors>;
  /** A copy of the state. */
  readState(): HostTensors;
  /** Replaces entries of the state; the values are copied.
   * @throws {TypeError} on an unknown name, another type or another shape. */
  writeState(state: HostTensors): void;
  /** Frees the graphs. The step must not be run again. */
  dispose(): void;
}

const defaultCacheSize = 8;

/** One entry of the state: the buffer that holds it, and the one that the next run writes where it cannot write in place. */
interface Slot {
  readonly type: Pick<HostTensor, 'dtype' | 'shape'>;
  /** Whether `current` is the caller's and must stay the one that holds the entry. */
  readonly adopted: boolean;
  current: Tensor;
  spare: Tensor | undefined;
}

const copyOf = ({ dtype, shape, data }: HostTensor): HostTensor => ({ dtype, shape, data: data.slice() });

function createSlot(tensor: HostTensor, adopted: boolean): Slot {
  const { dtype, shape } = tensor;
  const current = runtimeTensor(adopted ? tensor : copyOf(tensor));
  return { type: { dtype, shape }, adopted, current, spare: undefined };
}

const emptyTensor = ({ dtype, shape }: Pick<HostTensor, 'dtype' | 'shape'>): Tensor =>
  runtimeTensor({ dtype, shape, data: zeroData(dtype, shape) });

const hostTensor = ({ type: { dtype, shape }, current }: Slot): HostTensor => ({
  dtype,
  shape,
  data: current.data as HostTensor['data'],
});

/** Signature of inputs as a key. */
function keyOf(inputs: SignatureOf): string {
  let key = '';
  for (const name in inputs) key += `${name}:${inputs[name]?.dtype ?? ''}[${inputs[name]?.shape.join() ?? ''}];`;
  return key;
}

/** The state of a step, in buffers that live as long as the step. */
class StateStore {
  readonly #slots: ReadonlyMap<string, Slot>;

  constructor(initial: HostTensors, adopted: boolean) {
    this.#slots = new Map(Object.entries(initial).map(([name, tensor]) => [name, createSlot(tensor, adopted)]));
  }

  get types(): SignatureOf {
    return Object.fromEntries([...this.#slots].map(([name, { type }]) => [name, type]));
  }

  slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (!slot) throw new TypeError(`state: expected one of ${[...this.#slots.keys()].join(', ')}, got "${name}"`);
    return slot;
  }

  copy(): HostTensors {
    return Object.fromEntries([...this.#slots].map(([name, slot]) => [name, copyOf(hostTensor(slot))]));
  }

  write(state: HostTensors): void {
    for (const [name, { dtype, shape, data }] of Object.entries(state)) {
      const slot = this.slot(name);
      const [expected, actual] = [slot.type, { dtype, shape }].map(
        (type) => `${type.dtype} [${type.shape.join(', ')}]`,
      );
      if (expected !== actual) throw new TypeError(`state "${name}": expected ${expected ?? ''}, got ${actual ?? ''}`);
      hostTensor(slot).data.set(data);
    }
  }
}

/** Makes what a run has written into the spare buffer the entry of the state. */
function replaceBySpare(slot: Slot): void {
  const written = slot.spare as Tensor;
  if (slot.adopted) (slot.current.data as Float32Array).set(written.data as Float32Array);
  else [slot.current, slot.spare] = [written, slot.current];
}

/** Runs a program once on the state. */
function runProgram(program: Program, store: StateStore, inputs: HostTensors, seed: number): HostTensors {
  const feeds: Record<string, Tensor> = {};
  const fetches: Record<string, Tensor> = {};
  for (const name of program.inputsRead) feeds[graphName.input(name)] = runtimeTensor(inputs[name] as HostTensor);
  for (const { name, tensor, fill } of program.hostInputs) {
    fill(tensor.data, seed);
    feeds[name] = runtimeTensor(tensor);
  }
  for (const name of program.stateRead) feeds[graphName.state(name)] = store.slot(name).current;
  for (const { name, inPlace } of program.stateUpdates) {
    const slot = store.slot(name);
    fetches[graphName.next(name)] = inPlace ? slot.current : (slot.spare ??= emptyTensor(slot.type));
  }
  for (const { name, tensors } of program.hostUpdates) {
    for (const [part, tensor] of Object.entries(tensors)) fetches[graphName.update(name, part)] = runtimeTensor(tensor);
  }
  const outputs: Record<string, HostTensor> = {};
  for (const { name, dtype, shape } of program.outputs) {
    const tensor = { dtype, shape, data: zeroData(dtype, shape) };
    outputs[name] = tensor;
    fetches[graphName.output(name)] = runtimeTensor(tensor);
  }
  program.session.runInto(feeds, fetches);
  for (const { name, inPlace } of program.stateUpdates) {
    if (!inPlace) replaceBySpare(store.slot(name));
  }
  for (const update of program.hostUpdates) update.apply(hostTensor(store.slot(update.name)).data);
  return outputs;
}

/** Compiles a function with state, such as a training step with its gradients and its optimizer, into one ONNX graph.
 * The function is traced once for every signature of its inputs, so its shapes are static and chance must come in through
 * `inputs` or `context.hostInput`: a random tensor made inside would be a constant. The state stays in the same buffers
 * from step to step; an entry is updated in place where the graph proves that nothing reads it later.
 * @param fn - TF.js operations; returns every entry of the state, with the types that it was given.
 * @throws {UnmappedKernelError} from `run`, when the function applies a kernel that has no ONNX mapping.
 * @throws {TracedReadError} from `run`, when the function reads a tensor. */
export function compileStep(fn: StepFunction, initialState: HostTensors, options: CompileOptions = {}): CompiledStep {
  const store = new StateStore(initialState, options.adoptState ?? false);
  const stateTypes = store.types;
  const programs = new RecentCache<Program>(options.cacheSize ?? defaultCacheSize, ({ session }) => {
    session.dispose();
  });
  const programFor = (inputs: HostTensors): Program =>
    programs.get(keyOf(inputs), () => buildProgram(fn, stateTypes, inputs, options));
  return {
    run: (inputs, seed = 0) =>
      new Promise((resolve) => {
        resolve(runProgram(programFor(inputs), store, inputs, seed));
      }),
    readState: () => store.copy(),
    writeState: (state) => {
      store.write(state);
    },
    dispose: () => {
      programs.clear();
    },
  };
}
