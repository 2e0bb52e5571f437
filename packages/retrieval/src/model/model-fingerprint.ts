import { createHash } from 'node:crypto';

import type { ModelConfig } from './model-config.ts';

/** The files of a model folder that decide what a feature is, and the preprocessing of the pixels. */
export interface ModelParts {
  readonly image: Uint8Array;
  readonly text: Uint8Array;
  /** Content of `tokenizer.json`. */
  readonly tokenizer: Uint8Array | string;
  readonly preprocessing: ModelConfig['preprocessing'];
}

/** sha256 in hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** One name for the model that `parts` make: sha256 over the digests of its files and its preprocessing. */
export function modelFingerprint(parts: ModelParts): string {
  return fingerprintOf(modelDigests(parts), parts.preprocessing);
}

/** sha256 of each file, under its name in the model folder. */
export function modelDigests(parts: ModelParts): ModelConfig['digests'] {
  return {
    'image.onnx': sha256(parts.image),
    'text.onnx': sha256(parts.text),
    'tokenizer.json': sha256(parts.tokenizer),
  };
}

/** The fingerprint from digests already known. */
export function fingerprintOf(digests: ModelConfig['digests'], pixels: ModelConfig['preprocessing']): string {
  const { size, resize, fit, interpolation, mean, std } = pixels;
  const files = [digests['image.onnx'], digests['text.onnx'], digests['tokenizer.json']];
  return sha256(JSON.stringify([...files, size, resize, fit, interpolation, mean, std]));
}

/** Completes `config.json`: `settings` are what the trainer knows, digests and fingerprint come from the files.
 * @example writeFileAtomic('model/config.json', JSON.stringify(createModelConfig(settings, parts), null, 2)) */
export function createModelConfig(
  settings: Omit<ModelConfig, 'version' | 'preprocessing' | 'digests' | 'fingerprint'>,
  parts: ModelParts,
): ModelConfig {
  const digests = modelDigests(parts);
  const fingerprint = fingerprintOf(digests, parts.preprocessing);
  return { version: 1, ...settings, preprocessing: parts.preprocessing, digests, fingerprint };
}
