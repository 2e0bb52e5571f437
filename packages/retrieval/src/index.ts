export type { FittedRelevance } from './calibration/fit-relevance.ts';
export { relevance, type RelevanceCurve } from './calibration/relevance.ts';
export { FeedbackLog, type Feedback, type Judgements } from './feedback/feedback-log.ts';
export { rocchio, type RocchioWeights } from './feedback/rocchio.ts';
export { compareIndex, type IndexDifference } from './image-index/compare-index.ts';
export { facetsOf } from './image-index/facets-of.ts';
export { imageId, type ImageFile, type ImagePlace } from './image-index/image-file.ts';
export { listImages } from './image-index/list-images.ts';
export { indexedPath, readIndexedImage } from './image-index/read-image.ts';
export {
  defaultIndexFolder,
  differenceOf,
  openForIndexing,
  openImageIndex,
  shardFolder,
  type ImageIndex,
} from './image-index/image-index.ts';
export { readIndexInfo, type IndexInfo } from './image-index/index-info.ts';
export { modelConfig, modelVariants, type ModelConfig, type ModelVariant } from './model/model-config.ts';
export { ModelError } from './model/model-error.ts';
export { createModelConfig, modelFingerprint, sha256, type ModelParts } from './model/model-fingerprint.ts';
export { openModel, variantFile, type Model, type OpenModelOptions } from './model/open-model.ts';
export { readModelConfig, writeModelConfig } from './model/read-model-config.ts';
export { vocabularyPieces } from './model/vocabulary-pieces.ts';
export { foldWord } from './repair/fold-word.ts';
export { createVocabulary, repairQuery, type Vocabulary } from './repair/vocabulary.ts';
export { combineVectors } from './search/combine-vectors.ts';
export type { HitGroup } from './search/group-duplicates.ts';
export { rankImages, type Ranking, type RankOptions } from './search/rank-images.ts';
export { isSafeId } from './store/check-items.ts';
export {
  LanceStore,
  type LanceConnection,
  type LanceMerge,
  type LanceOptions,
  type LanceQuery,
  type LanceTable,
  type LanceVectorQuery,
} from './store/adapters/lance-store.ts';
export { PgVectorStore, type PgClient, type PgVectorOptions } from './store/adapters/pg-vector-store.ts';
export { MilvusStore, type MilvusClientLike, type MilvusOptions } from './store/adapters/milvus-store.ts';
export {
  QdrantStore,
  type QdrantClientLike,
  type QdrantOptions,
  type QdrantPoint,
} from './store/adapters/qdrant-store.ts';
export { UsearchStore } from './store/adapters/usearch-store.ts';
export { ExactStore, type ExactStoreOptions } from './store/exact/exact-store.ts';
export { StoreError } from './store/store-error.ts';
export type { Hit, Metadata, MetadataFilter, SearchOptions, StoreItem, VectorStore } from './store/vector-store.ts';
