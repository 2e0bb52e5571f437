import { join, resolve } from 'node:path';

import { Tensor, type InferenceSession } from 'onnxruntime-node';

import { readModelConfig } from './read-model-config.ts';
import { featureRows, loadTower, type TowerShape } from './tower-session.ts';
import { ModelError } from './model-error.ts';
import type { ModelConfig, ModelVariant } from './model-config.ts';

/** How a model is run. */
export interface OpenModelOptions {
  /** Cores for one run of a tower; 0, the default, leaves the choice to ONNX Runtime. */
  readonly threads?: number;
  /** Runs a smaller form of the towers, where the folder has it. */
  readonly variant?: ModelVariant;
}

/** Name of a tower's file in a variant.
 * @example variantFile('text.onnx', 'int8') // text.int8.onnx */
export function variantFile(file: 'image.onnx' | 'text.onnx', variant: ModelVariant): string {
  return file.replace('.onnx', `.${variant}.onnx`);
}

/** The two towers of a model folder, each loaded when first used. */
export interface Model {
  readonly folder: string;
  readonly config: ModelConfig;
  /** Names of the files that the towers are run from. */
  readonly files: Readonly<Record<'image.onnx' | 'text.onnx', string>>;
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
 * @throws {ModelError} if it is not one or lacks the variant; a tower's file is checked when it is first used. */
export async function openModel(folder: string, options: OpenModelOptions = {}): Promise<Model> {
  const path = resolve(folder);
  const config = await readModelConfig(path);
  const { embedDim, preprocessing } = config;
  const shapes = towerShapes(config);
  const { threads = 0, variant } = options;
  if (variant && !config.variants?.[variant]) {
    const advice = `trainer:export --model=${folder} --variants=${variant} makes it`;
    throw new ModelError(`${join(path, 'config.json')}: variants: expected ${variant}, got none; ${advice}`);
  }
  const tower = (file: 'image.onnx' | 'text.onnx', shape: TowerShape): Lazy =>
    lazy(() => loadTower(path, { ...fileOf(config, file, variant), shape, threads }));
  const image = tower('image.onnx', shapes.image);
  const text = tower('text.onnx', shapes.text);
  return {
    folder: path,
    config,
    files: {
      'image.onnx': fileOf(config, 'image.onnx', variant).file,
      'text.onnx': fileOf(config, 'text.onnx', variant).file,
    },
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

/** The file of a tower and its digest: the variant's own, or else the model's. */
function fileOf(
  { digests, variants }: ModelConfig,
  file: 'image.onnx' | 'text.onnx',
  variant: ModelVariant | undefined,
): { readonly file: string; readonly digest: string } {
  const own = variant && variants?.[variant]?.digests[file];
  return own ? { file: variantFile(file, variant), digest: own } : { file, digest: digests[file] };
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
