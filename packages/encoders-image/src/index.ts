export {
  featurePooling,
  imageTowerConfig,
  resnetConfig,
  tfjsConfig,
  type FeaturePooling,
  type ImageTowerConfig,
  type ResnetConfig,
  type TfjsConfig,
} from './config.ts';
export type { FeatureGrid, ImageTower } from './image-tower.ts';
export { createImageTower } from './create-image-tower.ts';
export {
  cachedFeatures,
  type CachedFeaturesOptions,
  type IdentifiedImage,
  type ImageFeatures,
} from './features/cached-features.ts';
export { compiledFeatures, eagerFeatures, type ComputeFeatures } from './features/compute-features.ts';
