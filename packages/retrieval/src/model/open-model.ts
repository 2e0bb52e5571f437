import { resolve } from 'node:path';

import { Tensor, type InferenceSession } from 'onnxruntime-node';

import { readModelConfig } from './read-model-config.ts';
import { featureRows, loadTower, type TowerShape } from './tower-session.ts';
import type { ModelConfig } from './model-config.ts';

/** How a model is run. */
export interface OpenModelOptions {
  /** Cores for one run of a tower; 0, the default, leaves the choice to ONNX Runtime. */
  readonly threads?: number;
}

/** The two towers of a model folder, each loaded when first used. */
export interface Model {
  readonly folder: string;
  readonly config: ModelConfig;
  /** Embeds preprocessed pixels.
   * @param pixels - [count, size, size, 3], as `preprocessImage` of `@azclip/data` makes them.
   * @returns [count, embedDim], unit rows. */
  embedImages(pixels: Float32Array, count: number): Promise<Float32Array>;
  /** Embeds encoded texts.
   * @param ids - [count, tokens]. @param mask - [count, tokens], 1 where a token is real.
   * @returns [count, embedDim], unit rows. */
  embedTexts(ids: Int32Array, mask: Float32Array, count: number, tokens: number): Promise<Float32Array>;
  /** Frees the sessions. */
  dispose(): Promise<void>;
}

/** Opens a model folder.
 * @throws {ModelError} if it is not one; a tower's file is checked when it is first used. */
export async function openModel(folder: string, options: OpenModelOptions = {}): Promise<Model> {
  const path = resolve(folder);
  const config = await readModelConfig(path);
  const { embedDim, preprocessing, digests } = config;
  const shapes = towerShapes(config);
  const tower = (file: 'image.onnx' | 'text.onnx', shape: TowerShape): Lazy =>
    lazy(() => loadTower(path, { file, digest: digests[file], shape, threads: options.threads ?? 0 }));
  const image = tower('image.onnx', shapes.image);
  const text = tower('text.onnx', shapes.text);
  return {
    folder: path,
    config,
    async embedImages(pixels, count) {
      const { size } = preprocessing;
      const session = await image.get();
      const { features } = await session.run({ pixels: new Tensor('float32', pixels, [count, size, size, 3]) });
      return featureRows(path, features, count, embedDim);
    },
    async embedTexts(ids, mask, count, tokens) {
      const session = await text.get();
      const dims = [count, tokens];
      const feeds = { ids: new Tensor('int32', ids, dims), mask: new Tensor('float32', mask, dims) };
      const { features } = await session.run(feeds);
      return featureRows(path, features, count, embedDim);
    },
    async dispose() {
      for (const session of [image.loaded(), text.loaded()]) await (await session)?.release();
    },
  };
}

function towerShapes({ embedDim, preprocessing: { size } }: ModelConfig): { image: TowerShape; text: TowerShape } {
  const output = { name: 'features', type: 'float32', shape: [-1, embedDim] } as const;
  return {
    image: { inputs: [{ name: 'pixels', type: 'float32', shape: [-1, size, size, 3] }], output },
    text: {
      inputs: [
        { name: 'ids', type: 'int32', shape: [-1, -1] },
        { name: 'mask', type: 'float32', shape: [-1, -1] },
      ],
      output,
    },
  };
}

interface Lazy {
  get(): Promise<InferenceSession>;
  loaded(): Promise<InferenceSession> | undefined;
}

function lazy(load: () => Promise<InferenceSession>): Lazy {
  let session: Promise<InferenceSession> | undefined;
  return { get: () => (session ??= load()), loaded: () => session };
}
