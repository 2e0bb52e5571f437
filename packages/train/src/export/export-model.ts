import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';
import { createModelConfig, type ModelConfig } from '@azclip/retrieval';
import { writeSafetensors } from '@azclip/weights';

import { mergeAdapters } from './merge-adapters.ts';
import { modelCard } from './model-card.ts';
import type { FinalResults } from '../evaluate/score-protocols.ts';
import { traceTowers } from './trace-towers.ts';
import { writeTrainedImages } from './trained-images.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { HostTensors } from '../step/host-tensors.ts';
import { logScaleName } from '../step/train-state.ts';

/** Writes the model folder: `config.json`, `tokenizer.json`, `image.onnx`, `text.onnx`, `model.safetensors`,
 * `trained-images.jsonl` and a card.
 * It is filled beside its place and then put there, so that a reader meets the old model or the new one.
 * @param learned - parameters by their names in the dual encoder; adapters are merged.
 * @param results - scores by part and name, such as `dev/text-to-image/recall@1`, and their protocols. */
export async function exportModel(
  run: PreparedRun,
  learned: HostTensors,
  { scores, protocols }: FinalResults,
): Promise<ModelConfig> {
  const { config, folder, model } = run;
  const { template, params } = await mergeAdapters(config, { template: run.template, params: learned });
  const { image, text } = traceTowers({ model, template }, params);
  const tokenizer = JSON.stringify(run.tokenizer.toJson());
  const modelConfig = createModelConfig(
    {
      imageTower: model.imageTower.name,
      textTower: model.textTower.name,
      embedDim: config.projection.dim,
      contextLength: model.textTower.contextLength,
      language: config.language,
      lowercase: config.text.tokenizer.lowercase,
      logitScale: Math.min(Math.exp(params[logScaleName]?.data[0] ?? 0), 100),
      scores,
      protocols,
    },
    { image, text, tokenizer, preprocessing: model.imageTower.preprocessing },
  );
  const building = `${folder.model}.building`;
  await rm(building, { recursive: true, force: true });
  await writeFileAtomic(join(building, 'image.onnx'), image);
  await writeFileAtomic(join(building, 'text.onnx'), text);
  await writeFileAtomic(join(building, 'tokenizer.json'), tokenizer);
  const tensors = Object.entries(params).map(([name, tensor]) => ({ name, ...tensor }));
  await writeSafetensors(join(building, 'model.safetensors'), tensors, { format: 'azclip-model-1' });
  await writeTrainedImages(building, run.pairs.train);
  await writeFileAtomic(join(building, 'README.md'), modelCard(config, modelConfig));
  await writeFileAtomic(join(building, 'config.json'), `${JSON.stringify(modelConfig, null, 2)}\n`);
  await rm(folder.model, { recursive: true, force: true });
  await rename(building, folder.model);
  return modelConfig;
}
