import type { GraphNode, Value } from '../graph/graph.ts';

/** Operators that read entry i of their operands before they write entry i of their result, and no other. */
const entrywise: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min']);
/** Operators whose result may be a view of their input. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Identity']);

/** A value that a run replaces. */
export interface Update {
  readonly before: Value;
  readonly after: Value;
}

type Consumers = ReadonlyMap<Value, readonly GraphNode[]>;

/** Nodes that read each value. */
export function consumersOf(nodes: readonly GraphNode[]): Consumers {
  const consumers = new Map<Value, GraphNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      if (!input) continue;
      const known = consumers.get(input);
      if (known) known.push(node);
      else consumers.set(input, [node]);
    }
  }
  return consumers;
}

/** Nodes that read `value` or a view of it. */
function readers(value: Value, consumers: Consumers): readonly GraphNode[] {
  return (consumers.get(value) ?? []).flatMap((node) =>
    views.has(node.operator) ? [node, ...node.outputs.flatMap((view) => readers(view, consumers))] : [node],
  );
}

/** Everything that runs before `last`, in every order that obeys the data. */
function ancestors(last: GraphNode): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>();
  const pending = [last];
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const input of node.inputs) {
      if (input?.source.kind !== 'node' || found.has(input.source.node)) continue;
      found.add(input.source.node);
      pending.push(input.source.node);
    }
  }
  return found;
}

/** Whether `after` may be written over `before`: whatever else reads `before` has run by then, in every order that obeys
 * the data, and the last operator itself reads no entry that it has written.
 * @param outputs - values that leave the graph: one that is read after the run must not be overwritten. */
export function canUpdateInPlace(
  { before, after }: Update,
  consumers: Consumers,
  outputs: ReadonlySet<Value>,
): boolean {
  if (after.source.kind !== 'node' || outputs.has(before)) return false;
  const last = after.source.node;
  const earlier = ancestors(last);
  return readers(before, consumers).every((reader) => {
    if (reader !== last)
      return earlier.has(reader) && !reader.outputs.some((view) => views.has(reader.operator) && outputs.has(view));
    return entrywise.has(last.operator);
  });
}
