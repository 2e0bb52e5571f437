export { type DownloadProgress } from './hub/download-blob.ts';
export { fetchFromHub, type HubOptions } from './hub/fetch-from-hub.ts';
export { HubError } from './hub/hub-error.ts';
export { parseHubId, type HubId } from './hub/hub-id.ts';
export { loadWeights, type LoadWeightsOptions } from './load-weights.ts';
export { resolveWeights, type WeightsLocation } from './resolve-weights.ts';
export { type HostData, type HostDtype, type NamedTensor, type StoredDtype } from './safetensors/dtype.ts';
export { SafetensorsError, type SafetensorsHeader, type StoredTensor } from './safetensors/header.ts';
export { readSafetensors, readSafetensorsHeader } from './safetensors/read.ts';
export { type TensorToWrite, writeSafetensors } from './safetensors/write.ts';
export { bertKeyMap } from './key-maps/bert.ts';
export { convnextKeyMap } from './key-maps/convnext.ts';
export {
  kerasMobilenetV2KeyMap,
  timmInvertedResidualKeyMap,
  torchvisionEfficientnetKeyMap,
  torchvisionMobilenetV2KeyMap,
  torchvisionMobilenetV3KeyMap,
  type BlockKeys,
  type StageKeys,
} from './key-maps/inverted-residual.ts';
export { resnetKeyMap } from './key-maps/resnet.ts';
export { swinKeyMap } from './key-maps/swin.ts';
export { vitKeyMap } from './key-maps/vit.ts';
export {
  batchNormKeys,
  convKeys,
  fusedLinearKeys,
  linearKeys,
  normKeys,
  sameKey,
  type KeyMap,
  type KeyRule,
  type Layout,
} from './key-maps/key-map.ts';
export { KeyMapError, matchKeys, type MatchedKey, type TargetShapes } from './key-maps/match-keys.ts';
export { readMapped, toOurs, type ReadMappedOptions } from './key-maps/read-mapped.ts';
