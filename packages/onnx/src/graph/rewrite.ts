import { liveNodes } from './encode.ts';
import { Graph, type GraphNode, type Value } from './graph.ts';

/** The value of the new graph that stands for one of the old graph; it must have been made already. */
export type Rewritten = (value: Value) => Value;

/** Writes what `value` is with other operators, into the graph of its operands.
 * @returns undefined where `value` is not what the rule is about. */
export type Rule = (value: Value, rewritten: Rewritten) => Value | undefined;

/** Writes a graph anew by rules, the first that knows a value first. What nothing else needs any more is left behind.
 * @param outputs - of the graph.  @returns what stands for them, and for what they are made of, in a graph of its own. */
export function rewrite(outputs: readonly Value[], rules: readonly Rule[]): Rewritten {
  const graph = new Graph();
  const made = new Map<Value, Value>();
  const rewritten = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    const result = leafIn(graph, value);
    made.set(value, result);
    return result;
  };
  for (const node of liveNodes(outputs)) {
    const results = ruledOutputs(node, rules, rewritten) ?? copyOf(graph, node, rewritten);
    for (const [i, output] of node.outputs.entries()) made.set(output, results[i] as Value);
  }
  return rewritten;
}

/** The output of a node with one output, where a rule knows it. */
function ruledOutputs(
  { outputs }: GraphNode,
  rules: readonly Rule[],
  rewritten: Rewritten,
): readonly Value[] | undefined {
  const [only, ...others] = outputs;
  if (!only || others.length > 0) return undefined;
  for (const rule of rules) {
    const result = rule(only, rewritten);
    if (result) return [result];
  }
  return undefined;
}

function copyOf(graph: Graph, node: GraphNode, rewritten: Rewritten): readonly Value[] {
  const { operator, inputs, outputs, attributes, domain } = node;
  const operands = inputs.map((input) => input && rewritten(input));
  return graph.apply(operator, operands, outputs, { attributes, domain });
}

/** An input or a constant in another graph. */
function leafIn(graph: Graph, { dtype, shape, source }: Value): Value {
  if (source.kind === 'input') return graph.input(source.name, { dtype, shape });
  if (source.kind === 'constant') return graph.constant(dtype, shape, source.data, source.name);
  throw new TypeError(`${source.node.operator}: expected operands before their operator`);
}
