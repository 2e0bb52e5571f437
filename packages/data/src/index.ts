export { augmentImage } from './augment/augment-image.ts';
export { augmentedPairs, type AugmentedPairsOptions } from './augment/augmented-pairs.ts';
export {
  augmentationConfig,
  augmentationStep,
  type AugmentationConfig,
  type AugmentationStep,
} from './augment/config.ts';
export { mentionsSide } from './augment/side-words.ts';
export { batchCount, uniqueBatches, type CaptionBatch, type UniqueBatchesOptions } from './batches/unique-batches.ts';
export { cleanPairs, SeenImages, type CleanPair, type CleanPairsOptions } from './cleaning/clean-pairs.ts';
export { CLEANING_RULES, cleaningConfig, type CleaningConfig, type CleaningRule } from './cleaning/config.ts';
export { HashIndex, type HashMatch } from './cleaning/hash-index.ts';
export {
  fingerprintImages,
  readFingerprints,
  trainedImagesName,
  writeFingerprints,
} from './cleaning/image-fingerprints.ts';
export { formatHash, hashDistance, imageHash, parseHash, type ImageHash } from './cleaning/image-hash.ts';
export {
  canonicalImageId,
  LeakError,
  LeakGuard,
  raiseLeaks,
  refuseLeaks,
  type ImageFingerprint,
  type Leak,
  type PublishedSet,
  type TrainedImages,
} from './cleaning/leak-guard.ts';
export { type LedgerEntry, type RuleSummary } from './cleaning/ledger.ts';
export {
  dataConfig,
  imagePreprocessing,
  type DataConfig,
  type ImagePreprocessing,
  type MixConfig,
  type SingleDataConfig,
} from './config.ts';
export { type Interpolation } from './image/axis-weights.ts';
export { decodeImage } from './image/decode-image.ts';
export { CorruptImageError } from './image/decode-with-libvips.ts';
export { readImageBytes, type EncodedImage } from './image/image-bytes.ts';
export { normaliseImage, preprocessImage } from './image/preprocess-image.ts';
export { preprocessPairs, type PreprocessedPair, type PreprocessPairsOptions } from './image/preprocess-pairs.ts';
export { type RawImage, type Rectangle } from './image/raw-image.ts';
export { resample, type ResampleOptions } from './image/resample.ts';
export { DataError, raiseIssue, type DataIssue, type IssuePolicy, type OnIssue } from './issue.ts';
export { type PixelSettings, type PixelTask } from './loader/load-pixels.ts';
export { pixelBatches, type PixelBatch, type PixelBatchesOptions } from './loader/pixel-batches.ts';
export { PixelPool, type CorruptRow } from './loader/pixel-pool.ts';
export { imageName, type ImageSource, type Pair, type Split } from './pair.ts';
export { mergeShards } from './prepare/merge-shards.ts';
export { type PrepareReport, type PrepareSetOptions, type PrepareSummary } from './prepare/prepare-options.ts';
export { prepareAugmented, type PrepareAugmentedOptions } from './prepare/prepare-augmented.ts';
export { prepareSet } from './prepare/prepare-set.ts';
export { isUrl } from './remote/open-url.ts';
export { readPairs } from './read-pairs.ts';
export { readManifestRecords, writeManifest, type ManifestRecord } from './readers/manifest.ts';
export { type ReadOptions } from './readers/read-options.ts';
export type {
  CocoConfig,
  CsvConfig,
  FlickrConfig,
  FolderConfig,
  JsonlConfig,
  KarpathyConfig,
  ManifestConfig,
  ParquetConfig,
  RocoConfig,
  ScenesConfig,
  WebdatasetConfig,
} from './readers/reader-configs.ts';
export { writeGallery } from './write-gallery.ts';
