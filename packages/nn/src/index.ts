export { activate, gelu, type Activation } from './activation.ts';
export { backendNames, useBackend, type BackendChoice, type BackendName, type BackendOptions } from './backend.ts';
export { initAttention, multiHeadAttention, type AttentionOptions, type AttentionParams } from './attention.ts';
export { batchNorm, foldedNorm, initBatchNorm, type BatchNormOptions, type BatchNormParams } from './batch-norm.ts';
export { conv2d, depthwiseConv2d, initFilter, type ConvOptions, type ConvParams } from './conv.ts';
export { convNorm, initConvNorm, type ConvNormOptions, type ConvNormParams } from './conv-norm.ts';
export { dropPath, dropout } from './dropout.ts';
export { embedding } from './embedding.ts';
export { normalTensor, uniformTensor } from './init.ts';
export { l2Normalize } from './l2-normalize.ts';
export { initLayerNorm, layerNorm, type LayerNormParams } from './layer-norm.ts';
export { initLinear, linear, type LinearParams } from './linear.ts';
export { loraConfig, type LoraConfig } from './lora-config.ts';
export { addLora, applyLora, isLora, mergeLora } from './lora.ts';
export { evaluation, type KeepMask, type Mode, type UpdateBuffer } from './mode.ts';
export { countParams, flattenParams, isBuffer, unflattenParams, type NamedTensors, type ParamTree } from './params.ts';
export { projectionConfig, type ProjectionConfig } from './projection-config.ts';
export { initProjection, projection, type ProjectionParams } from './projection.ts';
export { globalAveragePool, gridAveragePool } from './pooling.ts';
export { assertShape, ShapeError } from './shape.ts';
export {
  applyGate,
  initSqueezeExcitation,
  squeezeExcitation,
  type Gate,
  type SqueezeExcitationParams,
} from './squeeze-excitation.ts';
export {
  initTransformerLayer,
  transformerLayer,
  type TransformerLayerOptions,
  type TransformerLayerParams,
} from './transformer.ts';
