export { calibrateModel } from './calibrate-model.ts';
export { embedPairs, embedTexts, type EmbeddedPairs, type EncodeTexts } from './embed-pairs.ts';
export { mergeIndexShards, type MergedIndex } from './merge-index-shards.ts';
export { updateIndex, type IndexReport, type UpdateOptions } from './update-index.ts';
