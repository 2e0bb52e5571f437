import { compileStep, type CompiledStep, type HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { hostAdamw, parameterRules } from '../optimizer/host-adamw.ts';
import { createStateMemory, type Kept, type StateMemory } from '../optimizer/state-memory.ts';
import type { UpdateRule } from '../optimizer/update-rule.ts';
import type { HostTensors } from './host-tensors.ts';
import type { GradientRunner, StepFunction } from './step-runner.ts';
import { logScaleName, statePart, withoutPrefix, withPrefix, type Named } from './train-state.ts';

/** Prefix of the entries of the state that hold an array of the optimizer. */
const prefixOf: Readonly<Record<Kept, string>> = {
  ...statePart,
  gradient: statePart.gradients,
  param: statePart.params,
};

/** Runs a step as one compiled graph that ends at the gradients, and the update as kernels of WebAssembly. Both work on the
 * same memory: the graph reads the parameters and writes the gradients where the kernels have them. */
export function createCompiledStep(step: StepFunction, initialState: HostTensors): GradientRunner {
  const names = Object.keys(initialState); // the state itself is not kept: its arrays may be freed
  const moments = withoutPrefix(initialState, statePart.first);
  const averaged = names.some((name) => name.startsWith(statePart.average));
  const memory = createStateMemory(
    mapValues(moments, ({ data }) => data.length),
    averaged,
  );
  const state = stateIn(memory, moments, initialState);
  const learned = mapValues(moments, (_, name) => state[statePart.params + name] as HostTensor);
  let rule: UpdateRule | undefined;
  const compiled = (add: boolean): CompiledStep => {
    const pass = keepingGradients(step, add, (found) => (rule = found));
    return compileStep(pass, state, { adoptState: true });
  };
  const replacing = compiled(false);
  let adding: CompiledStep | undefined;
  return {
    gradients: (inputs, seed, add = false) => (add ? (adding ??= compiled(true)) : replacing).run(inputs, seed),
    hasGradients: () => rule !== undefined,
    update: async (rates, { exchange, gradientScale = 1 } = {}) => {
      if (!rule) throw new TypeError('update: expected gradients from a pass before it, got none');
      await exchange?.(memory.gradients);
      const gradientNorm = hostAdamw(memory, rule, parameterRules(learned, rule), { ...rates, gradientScale });
      const logScale = state[statePart.params + logScaleName]?.data[0] ?? NaN;
      return { gradientNorm, logitScale: Math.exp(logScale) };
    },
    readState: () =>
      Promise.resolve(Object.fromEntries(names.map((name) => [name, copyOf(state[name] as HostTensor)]))),
    writeState: (next) => {
      replacing.writeState(next);
    },
    dispose: () => {
      replacing.dispose();
      adding?.dispose();
    },
  };
}

/** The step with its gradients as entries of the state, which take their place or are added to it. */
function keepingGradients(
  step: StepFunction,
  add: boolean,
  onRule: (rule: UpdateRule) => void,
): (...args: Parameters<StepFunction>) => Pick<ReturnType<StepFunction>, 'state' | 'outputs'> {
  return (state, inputs, context) => {
    const result = step(state, inputs, context);
    if (result.update) onRule(result.update.rule);
    const gradients = withPrefix(result.update?.gradients ?? {}, statePart.gradients);
    const sum = (gradient: tf.Tensor, name: string): tf.Tensor => tf.add(state[name] as tf.Tensor, gradient);
    const kept: Named = add ? mapValues(gradients, sum) : gradients;
    return { state: { ...state, ...result.state, ...kept }, outputs: result.outputs };
  };
}

/** The state in the memory of the optimizer; what the optimizer does not move is copied, for a step may replace it. */
function stateIn({ parameters }: StateMemory, moments: HostTensors, initial: HostTensors): HostTensors {
  const moved = parameters.flatMap(({ name, arrays }) => {
    const { dtype, shape } = moments[name] as HostTensor;
    return Object.entries(arrays).map(([role, data]) => {
      const entry = prefixOf[role as Kept] + name;
      const values = initial[entry]?.data;
      if (values) data.set(values);
      return [entry, { dtype, shape, data }] as const;
    });
  });
  const byEntry: HostTensors = Object.fromEntries(moved);
  return { ...byEntry, ...mapValues(initial, (tensor, name) => byEntry[name] ?? copyOf(tensor)) };
}

const copyOf = ({ dtype, shape, data }: HostTensor): HostTensor => ({ dtype, shape, data: data.slice() });

const mapValues = <From, To>(named: Readonly<Record<string, From>>, map: (value: From, name: string) => To) =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [name, map(value, name)]));
