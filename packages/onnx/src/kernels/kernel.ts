import type { Value } from '../graph/graph.ts';

/** Inputs of a TF.js kernel by name; those of AddN, Concat and Pack are named 0, 1, …. */
export type KernelInputs = Readonly<Record<string, Value>>;

/** Writes the ONNX nodes of a TF.js kernel. @returns its output, or its outputs. */
export type KernelMapping = (inputs: KernelInputs, attributes: unknown) => Value | readonly Value[];

/** One line of the table: a TF.js kernel and its mapping. */
export type KernelEntry = readonly [name: string, mapping: KernelMapping];

/** A line of the table with the names of the inputs and the type of the attributes, as TF.js declares them.
 * TF.js checks neither at run time, and calls kernels by name: the types stated here are the only ones there are. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each line states its attributes by it
export const kernel = <Names extends string, Attributes = unknown>(
  name: string,
  mapping: (inputs: Readonly<Record<Names, Value>>, attributes: Attributes) => Value | readonly Value[],
): KernelEntry => [name, mapping as KernelMapping];
