export { attentionPool, initAttentionPool, type AttentionPoolParams } from './attention-pool.ts';
export { bert, initBert, type BertParams, type BertTokens } from './bert.ts';
export {
  bagConfig,
  bertConfig,
  poolingConfig,
  textTowerConfig,
  type BagConfig,
  type BertConfig,
  type Pooling,
  type TextTowerConfig,
} from './config.ts';
export { poolTokens } from './pool-tokens.ts';
export { createTextTower, frozenParams } from './create-text-tower.ts';
export type { TextTower, TokenTensors } from './text-tower.ts';
