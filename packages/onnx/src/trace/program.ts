import { encodeModel, liveNodes } from '../graph/encode.ts';
import { sizeOf } from '../graph/constants.ts';
import type { Value } from '../graph/graph.ts';
import { zeroData, type HostData, type HostTensor, type HostType } from '../runtime/host-tensor.ts';
import { createSession, unreadOutput, type Session, type SessionOptions } from '../runtime/session.ts';
import { foldColumnFactors } from './fold-column-factors.ts';
import { foldFactors } from './fold-factors.ts';
import { hostUpdate, valuesOf, type HostUpdate } from './host-update.ts';
import { canUpdateInPlace, consumersOf } from './in-place.ts';
import { rowUpdateOf, type RowUpdate } from './row-update.ts';
import { trace, type NamedTensors, type Tracer } from './trace.ts';

/** Type and shape of a host tensor. */
export type HostTensorType = Pick<HostTensor, 'dtype' | 'shape'>;

/** Writes what an input of the host holds in the run with this seed. */
export type Fill = (data: HostData, seed: number) => void;

/** Host inputs, refilled before every run. */
export interface HostInput {
  readonly name: string;
  readonly tensor: HostTensor;
  readonly fill: Fill;
}

/** What a function that is traced may ask for, beside its state and its inputs. */
export interface TraceContext {
  /** A graph input that the host fills anew before every run: the mask of a dropout, the noise of an augmentation.
   * @param fill - writes `data` from the seed of the run; inputs that must differ mix a number of their own into it. */
  hostInput(shape: readonly number[], dtype: HostType, fill: Fill): import('@tensorflow/tfjs').Tensor;
}

/** A training step, or any other function with state, in TF.js. */
export type StepFunction = (
  state: NamedTensors,
  inputs: NamedTensors,
  context: TraceContext,
) => { readonly state: NamedTensors; readonly outputs: NamedTensors };

/** Types by name. */
export type SignatureOf = Readonly<Record<string, HostTensorType>>;

/** One entry of the state that a run replaces. */
export interface StateUpdate {
  readonly name: string;
  readonly inPlace: boolean;
}

/** A function traced for one signature, ready to run. */
export interface Program {
  readonly session: Session;
  /** Names of the state entries that the graph reads. */
  readonly stateRead: readonly string[];
  readonly stateUpdates: readonly StateUpdate[];
  readonly hostUpdates: readonly HostUpdate[];
  /** Names of the inputs that the graph reads. */
  readonly inputsRead: readonly string[];
  readonly hostInputs: readonly HostInput[];
  readonly outputs: readonly (HostTensorType & { readonly name: string })[];
}

/** Prefixes keep the names of state, inputs and outputs apart in the graph. */
export const graphName = {
  state: (name: string) => `state/${name}`,
  input: (name: string) => `input/${name}`,
  host: (index: number) => `host/${String(index)}`,
  next: (name: string) => `next/${name}`,
  update: (name: string, part: string) => `${part}/${name}`,
  output: (name: string) => `output/${name}`,
} as const;

interface Recording {
  readonly state: Readonly<Record<string, Value>>;
  readonly next: Readonly<Record<string, Value>>;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly hostInputs: readonly (HostInput & { readonly value: Value })[];
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From, key: string) => To) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)])) as Record<string, To>;

/** Applies the function to traced inputs. */
function record(tracer: Tracer, fn: StepFunction, stateTypes: SignatureOf, inputTypes: SignatureOf): Recording {
  const hostInputs: (HostInput & { readonly value: Value })[] = [];
  const context: TraceContext = {
    hostInput: (shape, dtype, fill) => {
      const name = graphName.host(hostInputs.length);
      const tensor = tracer.input(name, { dtype, shape });
      const buffer = { dtype, shape, data: zeroData(dtype, shape) };
      hostInputs.push({ name, tensor: buffer, fill, value: tracer.valueFor(tensor) });
      return tensor;
    },
  };
  const stateTensors = mapValues(stateTypes, (type, name) => tracer.input(graphName.state(name), type));
  const inputTensors = mapValues(inputTypes, (type, name) => tracer.input(graphName.input(name), type));
  const values = (tensors: NamedTensors) => mapValues(tensors, (tensor) => tracer.valueFor(tensor));
  const [state, inputs] = [values(stateTensors), values(inputTensors)];
  const result = fn(stateTensors, inputTensors, context);
  return { state, inputs, hostInputs, next: values(result.state), outputs: values(result.outputs) };
}

/** Checks that a step gives back the state that it was given.
 * @throws {TypeError} naming the entry that is missing, new, or of another type. */
function checkState(state: Readonly<Record<string, Value>>, next: Readonly<Record<string, Value>>): void {
  const describe = (value: Value | undefined) => (value ? `${value.dtype} [${value.shape.join(', ')}]` : 'nothing');
  for (const name of new Set([...Object.keys(state), ...Object.keys(next)])) {
    const [expected, actual] = [describe(state[name]), describe(next[name])];
    if (expected !== actual)
      throw new TypeError(`state "${name}": expected ${expected} back from the step, got ${actual}`);
  }
}

/** Traces a function for one signature and makes the session that runs it. */
export function buildProgram(
  fn: StepFunction,
  stateTypes: SignatureOf,
  inputTypes: SignatureOf,
  options: SessionOptions,
): Program {
  return trace((tracer) => {
    const recording = record(tracer, fn, stateTypes, inputTypes);
    checkState(recording.state, recording.next);
    return compileRecording(recording, options);
  });
}

/** Entries of the state that a run changes: those that the graph writes, and those that the host adds rows to. */
function updatesOf(state: Recording['state'], next: Recording['next']) {
  const changed: string[] = [];
  const onHost: (RowUpdate & { readonly name: string })[] = [];
  for (const [name, after] of Object.entries(next)) {
    const before = state[name] as Value;
    if (before === after) continue;
    const update = rowUpdateOf({ before, after });
    if (update) onHost.push({ name, ...update });
    else changed.push(name);
  }
  return { changed, onHost };
}

/** What leaves the graph. */
function resultsOf(
  { changed, onHost }: ReturnType<typeof updatesOf>,
  next: Recording['next'],
  outputs: Recording['outputs'],
): readonly { readonly name: string; readonly value: Value }[] {
  return [
    ...changed.map((name) => ({ name: graphName.next(name), value: next[name] as Value })),
    ...onHost.flatMap(({ name, ...update }) =>
      Object.entries(valuesOf(update)).map(([part, value]) => ({ name: graphName.update(name, part), value })),
    ),
    ...Object.entries(outputs).map(([name, value]) => ({ name: graphName.output(name), value })),
  ];
}

/** ONNX Runtime's arena keeps what a run has taken for the next one, and takes more than that, since it doubles: a quarter of a small
 * step's time, and most of a gigabyte beside a large state, whose steps are long (docs/decisions/0148). */
const largestStateBesideArena = 2 ** 30;

const memoryFor = (state: Recording['state']): { readonly enableCpuMemArena: boolean } => {
  const bytes = Object.values(state).reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  return { enableCpuMemArena: bytes < largestStateBesideArena };
};

/** Writes a graph anew with fewer passes over memory. @returns what stands for its outputs and its inputs. */
function withFewerPasses(outputs: readonly Value[]): (value: Value) => Value {
  const folded = foldFactors(outputs);
  const columnsFolded = foldColumnFactors(outputs.map(folded));
  return (value) => columnsFolded(folded(value));
}

function compileRecording({ state, next, inputs, outputs, hostInputs }: Recording, options: SessionOptions): Program {
  const { changed, onHost } = updatesOf(state, next);
  const traced = resultsOf({ changed, onHost }, next, outputs);
  const lean = withFewerPasses(traced.map(({ value }) => value));
  const results = traced.map(({ name, value }) => ({ name, value: lean(value) }));
  const outputValues = results.map(({ value }) => value);
  const nodes = liveNodes(outputValues);
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputValues]);
  const consumers = consumersOf(nodes);
  const leaving = new Set(outputValues);
  const used = (values: Readonly<Record<string, Value>>) =>
    Object.keys(values).filter((name) => read.has(lean(values[name] as Value)));
  const [stateRead, inputsRead] = [used(state), used(inputs)];
  const hostRead = hostInputs.filter(({ value }) => read.has(lean(value)));
  const declared = [
    ...stateRead.map((name) => ({ name: graphName.state(name), value: state[name] as Value })),
    ...inputsRead.map((name) => ({ name: graphName.input(name), value: inputs[name] as Value })),
    ...hostRead,
  ];
  const model = encodeModel({
    inputs: declared.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
    outputs: results,
    emptySequences: [unreadOutput],
  });
  return {
    session: createSession(model, { ...options, runtime: { ...memoryFor(state), ...options.runtime } }),
    stateRead,
    stateUpdates: changed.map((name) => {
      const update = { before: lean(state[name] as Value), after: lean(next[name] as Value) };
      return { name, inPlace: canUpdateInPlace(update, consumers, leaving) };
    }),
    hostUpdates: onHost.map(({ name, ...update }) => hostUpdate(name, update, next[name]?.shape ?? [])),
    inputsRead,
    hostInputs: hostRead.map(({ name, tensor, fill }) => ({ name, tensor, fill })),
    outputs: Object.entries(outputs).map(([name, { dtype, shape }]) => ({ name, dtype: dtype as HostType, shape })),
  };
}
