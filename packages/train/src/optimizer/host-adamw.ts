import { maxLogitScale } from '@azclip/loss';

import { logScaleName } from '../step/train-state.ts';
import { decays } from './decays.ts';
import { layerwiseDecay } from './layerwise-decay.ts';
import { averageDecay } from './moving-average.ts';
import type { StateMemory } from './state-memory.ts';
import { clipEpsilon, defaultEpsilon, type UpdateRates, type UpdateRule } from './update-rule.ts';

/** One parameter's part in an update. */
export interface ParameterRule {
  /** Whether weight decay shrinks it. */
  readonly decays: boolean;
  /** Factor of its learning rate. */
  readonly scale: number;
  /** Its values are brought back to at most this. */
  readonly upper: number;
}

/** Rates, and what seldom changes. */
export interface HostRates extends UpdateRates {
  /** Added to the root of the second moment; open_clip's 1e-6 unless told. */
  readonly epsilon?: number;
  /** Factor of the gradients, before clipping; 1 unless told. */
  readonly gradientScale?: number;
}

/** What holds for each parameter of a model.
 * @param params - by name, in the order of the tree. */
export function parameterRules(
  params: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  { weightDecay, layerDecay = 1 }: UpdateRule,
): (name: string) => ParameterRule {
  const scaleOf = layerwiseDecay(Object.keys(params), layerDecay);
  const rules = Object.entries(params).map(([name, { shape }]): [string, ParameterRule] => {
    const upper = name === logScaleName ? Math.log(maxLogitScale) : Infinity;
    return [name, { decays: weightDecay !== 0 && decays(name, { rank: shape.length }), scale: scaleOf(name), upper }];
  });
  const byName = new Map(rules);
  return (name) => byName.get(name) ?? plainRule;
}

const plainRule: ParameterRule = { decays: false, scale: 1, upper: Infinity };

/** L2 norm of all gradients as one vector, added up in double precision in the order of the parameters. */
export function gradientNorm({ parameters }: StateMemory): number {
  let sum = 0;
  for (const { kernels, pointers, paddedCount } of parameters)
    sum += kernels.sumOfSquares(pointers.gradient, paddedCount);
  return Math.sqrt(sum);
}

/** One step of AdamW on the arrays of `memory`, in place: the same formula as `adamw`, in one pass over the memory instead
 * of the eleven of a graph. Gradients are clipped by their joint norm as they are read, and stay as they are.
 * @param ruleOf - by the name of a parameter.
 * @returns the norm of the gradients before clipping.
 * @see Loshchilov, Hutter 2019, algorithm 2 — https://arxiv.org/abs/1711.05101 */
export function hostAdamw(
  memory: StateMemory,
  rule: UpdateRule,
  ruleOf: (name: string) => ParameterRule,
  { learningRate, step, epsilon = defaultEpsilon, gradientScale = 1 }: HostRates,
): number {
  const { beta1, beta2, weightDecay, gradientClip, averageDecay: keep = 0 } = rule;
  const norm = gradientNorm(memory) * gradientScale;
  const scale = gradientScale * Math.min(1, gradientClip / (norm + clipEpsilon));
  const root = Math.sqrt(shareSeen(beta2, step));
  const rate = (learningRate * root) / shareSeen(beta1, step);
  const fresh = 1 - averageDecay(step, keep);
  for (const { name, kernels, pointers, paddedCount } of memory.parameters) {
    const own = ruleOf(name);
    const keep = own.decays ? 1 - learningRate * own.scale * weightDecay : 1;
    const { param, gradient, first, second, average } = pointers;
    kernels.update(
      ...[param, gradient, first, second, average, paddedCount],
      ...[scale, beta1, beta2, rate * own.scale, root * epsilon, keep, own.upper, fresh],
    );
  }
  return norm;
}

/** (1 − βᵗ) / (1 − β): the sum of the weights that t steps have in a running sum, by which it becomes a mean. */
const shareSeen = (beta: number, step: number): number => (1 - beta ** step) / (1 - beta);
