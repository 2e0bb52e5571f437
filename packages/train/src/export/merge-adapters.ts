import { flattenParams, isLora, mergeLora, unflattenParams, type LoraConfig, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { FitConfig } from '../config.ts';
import type { DualEncoderParams } from '../model/dual-encoder.ts';
import { downloadAll, uploadAll, type HostTensors } from '../step/host-tensors.ts';

/** A dual encoder's parameters for export. */
export interface ExportedParams {
  /** The form that the names of `params` go by. */
  readonly template: DualEncoderParams;
  readonly params: HostTensors;
}

type TowerName = 'imageTower' | 'textTower';

/** Takes the adapters of towers into the weights beside them, so that nothing of a model folder knows of them. */
export async function mergeAdapters(
  { image, text }: Pick<FitConfig, 'image' | 'text'>,
  { template, params }: ExportedParams,
): Promise<ExportedParams> {
  const ofImages = await mergeTower('imageTower', image.lora, { template, params });
  return mergeTower('textTower', text.lora, ofImages);
}

async function mergeTower(
  tower: TowerName,
  lora: LoraConfig | undefined,
  { template, params }: ExportedParams,
): Promise<ExportedParams> {
  if (!lora) return { template, params };
  const form = { [tower]: template[tower] };
  const own = Object.fromEntries(Object.keys(flattenParams(form)).map((name) => [name, params[name]]));
  const tensors = uploadAll(own as HostTensors);
  const merged = mergeLora(unflattenParams<ParamTree>(form, tensors), lora) as typeof form;
  const named = flattenParams(merged);
  const values = await downloadAll(named);
  tf.dispose([tensors, named]); // what is in both is freed once
  const others = Object.entries(params).filter(([name]) => !(isLora(name) && name.startsWith(`${tower}.`)));
  return { template: { ...template, ...merged }, params: { ...Object.fromEntries(others), ...values } };
}
