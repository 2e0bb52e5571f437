import { liveNodes } from '../graph/encode.ts';
import { Graph, type GraphNode, type Value } from '../graph/graph.ts';
import { fuseBias } from './fusion/bias.ts';
import { fuseGelu } from './fusion/gelu.ts';
import { fuseHardActivation } from './fusion/hard-activation.ts';
import { fuseLayerNorm } from './fusion/layer-norm.ts';
import { fuseMapOfImage, fuseScale } from './fusion/map-of-image.ts';
import { fuseMapOfTokens } from './fusion/map-of-tokens.ts';
import type { FusionRule } from './fusion/pattern.ts';
import { keepPlanes } from './fusion/planes.ts';

const rules: readonly FusionRule[] = [
  fuseLayerNorm,
  fuseGelu,
  fuseHardActivation,
  fuseBias,
  fuseMapOfImage,
  fuseMapOfTokens,
  fuseScale,
  keepPlanes,
];

/** Writes a graph that has no gradients anew with fewer passes over memory: what TF.js spells out step by step becomes the
 * operator that ONNX has for it. Intermediate values that nothing else needs are left behind.
 * @param outputs - of the graph.  @returns what stands for them in a graph of its own. */
export function fuseForInference(outputs: readonly Value[]): readonly Value[] {
  const graph = new Graph();
  const made = new Map<Value, Value>();
  const fused = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    const result = leafIn(graph, value);
    made.set(value, result);
    return result;
  };
  for (const node of liveNodes(outputs)) {
    const results = fusedOutputs(node, fused) ?? copyOf(graph, node, fused);
    for (const [i, output] of node.outputs.entries()) made.set(output, results[i] as Value);
  }
  return outputs.map(fused);
}

/** The output of a node with one output, where a rule knows it. */
function fusedOutputs({ outputs }: GraphNode, fused: (value: Value) => Value): readonly Value[] | undefined {
  const [only, ...others] = outputs;
  if (!only || others.length > 0) return undefined;
  for (const rule of rules) {
    const result = rule(only, fused);
    if (result) return [result];
  }
  return undefined;
}

function copyOf(graph: Graph, node: GraphNode, fused: (value: Value) => Value): readonly Value[] {
  const { operator, inputs, outputs, attributes, domain } = node;
  const operands = inputs.map((input) => input && fused(input));
  return graph.apply(operator, operands, outputs, { attributes, domain });
}

/** An input or a constant in another graph. */
function leafIn(graph: Graph, { dtype, shape, source }: Value): Value {
  if (source.kind === 'input') return graph.input(source.name, { dtype, shape });
  if (source.kind === 'constant') return graph.constant(dtype, shape, source.data, source.name);
  throw new TypeError(`${source.node.operator}: expected operands before their operator`);
}
