import { InputError } from '@azclip/base';
import * as tf from '@tensorflow/tfjs';

import type { ModelFolder } from './model-folder.ts';

/** A loaded model up to one of its layers. */
export interface CutModel {
  /** @param pixels - [batch, size, size, 3].  @returns the layer's output. */
  apply(pixels: tf.Tensor4D): tf.Tensor;
  /** Frees the weights. */
  dispose(): void;
}

/** Loads a model and ends it at `layer`.
 * @param layer - a layer's or graph node's name; by default the last one that gives a feature map [batch, h, w, channels].
 * @throws {InputError} if there is no such layer, or TF.js cannot read the model. */
export const loadCutModel = (model: ModelFolder, layer: string | undefined): Promise<CutModel> =>
  model.format === 'graph' ? cutGraph(model, layer) : cutLayers(model, layer);

async function cutLayers({ path, handler }: ModelFolder, name: string | undefined): Promise<CutModel> {
  const whole = await orInputError(path, () => tf.loadLayersModel(handler));
  const found = findLayer(whole, name);
  const output = found && outputOf(found.layer);
  if (!output) throw new InputError(`${path}: expected ${name ?? 'a layer that gives a feature map'}, found none`);
  const cut = tf.model({ inputs: found.container.inputs, outputs: output });
  return {
    apply: (pixels) => cut.apply(pixels, { training: false }) as tf.Tensor,
    dispose: () => {
      whole.dispose();
    },
  };
}

interface Found {
  readonly container: tf.LayersModel;
  readonly layer: tf.layers.Layer;
}

/** Looks for the layer from the end; a model within the model is entered only where it comes first, so that what
 * precedes the layer is all inside. */
function findLayer(container: tf.LayersModel, name: string | undefined): Found | undefined {
  const first = container.layers.findIndex((layer) => layer.getClassName() !== 'InputLayer');
  for (let i = container.layers.length - 1; i >= 0; i -= 1) {
    const layer = container.layers[i];
    if (!layer) continue;
    const inner = i === first && layer instanceof tf.LayersModel ? findLayer(layer, name) : undefined;
    if (inner) return inner;
    if (name === undefined ? isMap(layer) : layer.name === name) return { container, layer };
  }
  return undefined;
}

/** What the layer gives where it stands in the whole: a model within a model has an output of its own besides. */
function outputOf(layer: tf.layers.Layer): tf.SymbolicTensor | undefined {
  const output = layer.getOutputAt(layer.inboundNodes.length - 1);
  return Array.isArray(output) ? undefined : output;
}

const isMap = (layer: tf.layers.Layer): boolean =>
  layer.getClassName() !== 'InputLayer' && outputOf(layer)?.shape.length === 4;

async function cutGraph({ path, handler }: ModelFolder, name: string | undefined): Promise<CutModel> {
  const graph = await orInputError(path, () => tf.loadGraphModel(handler));
  const input = graph.inputs[0]?.name;
  const output = name ?? graph.outputs[0]?.name;
  if (input === undefined || output === undefined) throw new InputError(`${path}: expected one input and an output`);
  return {
    apply: (pixels) => orGraphError(path, output, () => graph.execute({ [input]: pixels }, output) as tf.Tensor),
    dispose: () => {
      graph.dispose();
    },
  };
}

function orGraphError<T>(path: string, output: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new InputError(`${path}: node ${JSON.stringify(output)}: ${(error as Error).message}`, { cause: error });
  }
}

async function orInputError<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new InputError(`${path}: expected a TF.js model, got: ${(error as Error).message}`, { cause: error });
  }
}
