import type { HostTensors } from './compile-step.ts';
import { fuseForInference } from './export/fuse-for-inference.ts';
import { IrreconcilableTraceError, Reconciler } from './export/reconcile.ts';
import type { AxisOrigin } from './export/derived-value.ts';
import type { AxisSizes } from './export/size-formula.ts';
import { encodeModel } from './graph/encode.ts';
import { Graph, type Value } from './graph/graph.ts';
import type { HostType } from './runtime/host-tensor.ts';
import { trace, type NamedTensors } from './trace/trace.ts';

/** An input of an exported function; an axis that is named may have any size, the same wherever the name stands. */
export interface ExportedInput {
  readonly dtype: HostType;
  readonly shape: readonly (number | string)[];
}

/** A function of tensors that is exported. */
export type ExportedFunction = (inputs: NamedTensors, constants: NamedTensors) => NamedTensors;

type ExportedInputs = Readonly<Record<string, ExportedInput>>;

interface TracedFunction {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
}

const tracesPerExport = 3;
/** Sizes for the traces. Primes, so that sizes do not pass for products of others; a second and a third choice, for
 * functions that accept short axes only, or whose own sizes are among the first. */
const sizePools: readonly (readonly number[])[] = [
  [11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53],
  [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41],
  [19, 23, 29, 3, 5, 7, 11, 13, 17, 31, 37, 41],
];

const axisNames = (inputs: ExportedInputs): readonly string[] => [
  ...new Set(Object.values(inputs).flatMap(({ shape }) => shape.filter((size) => typeof size === 'string'))),
];

/** Sizes of the axes for every trace. */
function traceSizes(axes: readonly string[], pool: readonly number[]): readonly AxisSizes[] {
  return Array.from({ length: tracesPerExport }, (_, i) =>
    Object.fromEntries(axes.map((axis, j) => [axis, pool[tracesPerExport * j + i] ?? 0])),
  );
}

function traceAt(
  fn: ExportedFunction,
  inputs: ExportedInputs,
  constants: HostTensors,
  sizes: AxisSizes,
): TracedFunction {
  return trace((tracer) => {
    const tensors = Object.entries(inputs).map(([name, { dtype, shape }]) => {
      const sized = shape.map((size) => (typeof size === 'string' ? (sizes[size] ?? 0) : size));
      return [name, tracer.input(name, { dtype, shape: sized })] as const;
    });
    const held = Object.entries(constants).map(([name, constant]) => [name, tracer.constant(name, constant)] as const);
    const results = fn(Object.fromEntries(tensors), Object.fromEntries(held));
    const valuesOf = (entries: readonly (readonly [string, NamedTensors[string]])[]) =>
      new Map(entries.map(([name, tensor]) => [name, tracer.valueFor(tensor)]));
    return { inputs: valuesOf(tensors), outputs: valuesOf(Object.entries(results)) };
  });
}

/** Declares an output: sizes that vary get the name of the axis that they follow, or one of their own. */
function declaredShape(
  name: string,
  values: readonly Value[],
  sizes: readonly AxisSizes[],
): readonly (number | string)[] {
  return (values[0]?.shape ?? []).map((size, i) => {
    if (values.every(({ shape }) => shape[i] === size)) return size;
    const axis = Object.keys(sizes[0] ?? {}).find((each) =>
      values.every(({ shape }, t) => shape[i] === sizes[t]?.[each]),
    );
    return axis ?? `${name}_${String(i)}`;
  });
}

function exportAt(
  fn: ExportedFunction,
  inputs: ExportedInputs,
  constants: HostTensors,
  sizes: readonly AxisSizes[],
): Uint8Array {
  const traces = sizes.map((at) => traceAt(fn, inputs, constants, at));
  const first = traces[0] as TracedFunction;
  const graph = new Graph();
  const merged = new Map<Value, Value>();
  const origins = new Map<string, AxisOrigin>();
  for (const [name, value] of first.inputs) {
    const input = graph.input(name, value);
    merged.set(value, input);
    for (const [axis, size] of (inputs[name]?.shape ?? []).entries()) {
      if (typeof size === 'string' && !origins.has(size)) origins.set(size, { input, axis });
    }
  }
  const names = [...first.outputs.keys()];
  const aligned = names.map((name) => traces.map(({ outputs }) => outputs.get(name) as Value));
  const results = fuseForInference(new Reconciler({ graph, origins }, sizes, merged).merge(aligned));
  return encodeModel({
    inputs: Object.entries(inputs).map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    outputs: names.map((name, i) => ({ name, value: results[i] as Value })),
    outputShapes: Object.fromEntries(names.map((name, i) => [name, declaredShape(name, aligned[i] ?? [], sizes)])),
  });
}

/** Exports a function of tensors as one self-contained ONNX file with standard operators.
 * The function is traced at three choices of sizes for its symbolic axes; constants that differ between the traces must
 * follow the sizes, and are computed from the shapes of the inputs at run time.
 * @param constants - tensors handed to the function as its second argument, stored in the file: the weights.
 * @throws {IrreconcilableTraceError} if the function does other things at other sizes.
 * @throws {UnmappedKernelError} if the function applies a kernel that has no ONNX mapping.
 * @throws {TracedReadError} if the function reads a tensor. */
export function exportOnnx(fn: ExportedFunction, inputs: ExportedInputs, constants: HostTensors = {}): Uint8Array {
  const axes = axisNames(inputs);
  const failures: unknown[] = [];
  for (const pool of sizePools) {
    try {
      return exportAt(fn, inputs, constants, traceSizes(axes, pool));
    } catch (error) {
      failures.push(error);
      if (axes.length === 0) break;
    }
  }
  throw failures.find((error) => error instanceof IrreconcilableTraceError) ?? failures[0];
}
