export { attentionPool, initAttentionPool, type AttentionPoolParams } from './attention-pool.ts';
export { bert, initBert, type BertParams, type BertTokens } from './bert.ts';
export {
  bagConfig,
  bertConfig,
  captionPoolingConfig,
  poolingConfig,
  textTowerConfig,
  type BagConfig,
  type BertConfig,
  type CaptionPoolingConfig,
  type Pooling,
  type TextTowerConfig,
} from './config.ts';
export { corpusConfig, readCorpus, type CorpusConfig } from './corpus/read-corpus.ts';
export { createTextTower, frozenParams } from './create-text-tower.ts';
export {
  initMlmHead,
  mlmLogits,
  mlmLoss,
  type HiddenPieces,
  type MlmHeadOptions,
  type MlmHeadParams,
} from './mlm/mlm-head.ts';
export { hiddenCount, hidePieces, type HiddenWindow, type HidingOptions } from './mlm/hide-pieces.ts';
export { pieceKinds, type PieceKinds } from './mlm/piece-kinds.ts';
export { mlmKeyMap } from './mlm/mlm-key-map.ts';
export { poolCaptions } from './pool-captions.ts';
export { poolTokens } from './pool-tokens.ts';
export { loadBertWeights, type LoadBertOptions } from './pretrained/load-bert-weights.ts';
export { storedBert } from './pretrained/stored-bert.ts';
export { trimBert } from './pretrained/trim-bert.ts';
export { trimmingReport, type TrimmingReport } from './pretrained/trimming-report.ts';
export type { TextTower, TokenTensors } from './text-tower.ts';
