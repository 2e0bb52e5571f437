export { modelConfig, type ModelConfig } from './model/model-config.ts';
export { createModelConfig, modelFingerprint, type ModelParts } from './model/model-fingerprint.ts';
