export {
  imageTowerConfig,
  resnetConfig,
  tfjsConfig,
  type ImageTowerConfig,
  type ResnetConfig,
  type TfjsConfig,
} from './config.ts';
export { FeatureStore } from './features/feature-store.ts';
export type { FeatureGrid, ImageTower } from './image-tower.ts';
export { createImageTower } from './create-image-tower.ts';
export {
  cachedFeatures,
  type CachedFeaturesOptions,
  type IdentifiedImage,
  type ImageFeatures,
  type ImageView,
} from './features/cached-features.ts';
export { missingFeatures } from './features/missing-features.ts';
export {
  compiledFeatures,
  eagerFeatures,
  type CompiledFeatures,
  type ComputeFeatures,
} from './features/compute-features.ts';
export { featurePooling, namedConfig, type FeaturePooling, type NamedConfig } from './named-config.ts';
export { namedNetwork, stageKeysOf, usualPreprocessing, type NamedNetwork } from './named-network.ts';
export type { Network, Readout, Stage } from './network/network.ts';
export { towerOf, type TowerOptions } from './network/tower-of.ts';
export { loadImageWeights, type ImageWeightsOptions } from './pretrained/load-image-weights.ts';
export { multiResolutionConfig, type Enhancements, type MultiResolutionConfig } from './enhancements.ts';
