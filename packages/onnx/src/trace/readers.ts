import { liveNodes } from '../graph/encode.ts';
import type { GraphNode, Value } from '../graph/graph.ts';
import { consumersOf } from './in-place.ts';

/** Nodes that read a value; undefined stands for what is outside the graph. */
export type Readers = (value: Value) => readonly (GraphNode | undefined)[];

/** Who reads the values that `outputs` are made of. */
export function readersOf(outputs: readonly Value[]): Readers {
  const consumers = consumersOf(liveNodes(outputs));
  const leaving = new Set(outputs);
  return (value) => [...(consumers.get(value) ?? []), ...(leaving.has(value) ? [undefined] : [])];
}
