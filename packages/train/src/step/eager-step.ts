import type { HostTensor } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import type { UpdateRates, UpdateRule } from '../optimizer/update-rule.ts';
import { downloadAll, uploadAll, type HostTensors } from './host-tensors.ts';
import type { GradientRunner, StepFunction, UpdateOptions } from './step-runner.ts';
import type { Named } from './train-state.ts';
import { updateParameters } from './update-parameters.ts';

/** Runs a step operation by operation, on any TF.js backend. */
export function createEagerStep(step: StepFunction, initialState: HostTensors): GradientRunner {
  const state = new Held(uploadAll(initialState));
  const kept = new Held({});
  let rule: UpdateRule | undefined;
  return {
    gradients: async (inputs, seed, add = false) => {
      const result = tf.tidy(() => {
        const { state: next, outputs, update } = step(state.tensors, uploadAll(inputs), { hostInput: fillWith(seed) });
        rule = update?.rule ?? rule;
        const gradients = add ? summed(kept.tensors, update?.gradients ?? {}) : (update?.gradients ?? {});
        return { next: cloneAll(next), outputs, gradients: cloneAll(gradients) };
      });
      state.replaceBy(result.next);
      kept.replaceSome(result.gradients);
      return downloadAndFree(result.outputs);
    },
    hasGradients: () => rule !== undefined,
    update: async (rates, options) => {
      if (!rule) throw new TypeError('update: expected gradients from a pass before it, got none');
      kept.replaceBy(await ready(kept.tensors, options));
      const updated = updateEagerly(state.tensors, kept.tensors, rates, rule);
      state.replaceSome(updated.state);
      const { gradientNorm, logitScale } = await downloadAndFree(updated.outputs);
      return { gradientNorm: gradientNorm?.data[0] ?? NaN, logitScale: logitScale?.data[0] ?? NaN };
    },
    readState: () => downloadAll(state.tensors),
    writeState: (next) => {
      state.replaceSome(uploadAll(next));
    },
    dispose: () => {
      state.replaceBy({});
      kept.replaceBy({});
    },
  };
}

/** Tensors that are freed when others take their place. */
class Held {
  #tensors: Named;

  constructor(tensors: Named) {
    this.#tensors = tensors;
  }

  get tensors(): Named {
    return this.#tensors;
  }

  replaceBy(next: Named): void {
    tf.dispose(this.#tensors);
    this.#tensors = next;
  }

  replaceSome(next: Named): void {
    for (const name in next) this.#tensors[name]?.dispose();
    this.#tensors = { ...this.#tensors, ...next };
  }
}

const updateEagerly = (state: Named, gradients: Named, rates: UpdateRates, rule: UpdateRule) =>
  tf.tidy(() => {
    const { state: next, outputs } = updateParameters(state, gradients, rates, rule);
    return { state: cloneAll(next), outputs };
  });

/** The gradients as an update takes them, exchanged and scaled: tensors of their own. */
async function ready(gradients: Named, { exchange, gradientScale = 1 }: UpdateOptions = {}): Promise<Named> {
  const scaled = (named: Named): Named =>
    tf.tidy(() => mapValues(named, (gradient) => tf.mul(gradient, gradientScale)));
  if (!exchange) return scaled(gradients);
  const host = await downloadAll(gradients);
  await exchange(Object.values(host).map(({ data }) => data as Float32Array));
  const exchanged = uploadAll(host);
  const result = scaled(exchanged);
  tf.dispose(exchanged);
  return result;
}

const summed = (kept: Named, gradients: Named): Named =>
  mapValues(gradients, (gradient, name) => tf.add(kept[name] as tf.Tensor, gradient));

async function downloadAndFree(tensors: Named): Promise<HostTensors> {
  try {
    return await downloadAll(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

const fillWith =
  (seed: number) =>
  (shape: readonly number[], dtype: HostTensor['dtype'], fill: (data: HostTensor['data'], seed: number) => void) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const data =
      dtype === 'float32' ? new Float32Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
    fill(data, seed);
    return tf.tensor(data, [...shape], dtype);
  };

/** A step may hand a tensor of its state on unchanged; clones let the old state be freed all the same. */
const cloneAll = (named: Named): Named => mapValues(named, (tensor) => tf.clone(tensor));

const mapValues = (named: Named, map: (tensor: tf.Tensor, name: string) => tf.Tensor): Named =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, map(tensor, name)]));
