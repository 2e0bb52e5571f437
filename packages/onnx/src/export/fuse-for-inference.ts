import type { Value } from '../graph/graph.ts';
import { rewrite, type Rule } from '../graph/rewrite.ts';
import { fuseBias } from './fusion/bias.ts';
import { fuseGelu } from './fusion/gelu.ts';
import { fuseHardActivation } from './fusion/hard-activation.ts';
import { fuseLayerNorm } from './fusion/layer-norm.ts';
import { fuseMapOfImage, fuseScale } from './fusion/map-of-image.ts';
import { fuseMapOfTokens } from './fusion/map-of-tokens.ts';
import { keepPlanes } from './fusion/planes.ts';

const rules: readonly Rule[] = [
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
 * operator that ONNX has for it.
 * @param outputs - of the graph.  @returns what stands for them in a graph of its own. */
export const fuseForInference = (outputs: readonly Value[]): readonly Value[] => outputs.map(rewrite(outputs, rules));
