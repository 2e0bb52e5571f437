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
export type { TextTower, TokenTensors } from './text-tower.ts';
