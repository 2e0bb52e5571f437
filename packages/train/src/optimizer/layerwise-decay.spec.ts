import { layerwiseDecay } from './layerwise-decay.ts';

it('falls by one factor a layer, from the output of each tower to its stem', () => {
  const names = [
    'imageTower.stem.weight',
    'imageTower.stage1.0.weight',
    'imageTower.stage1.1.weight',
    'imageTower.stage2.0.weight',
    'imageTower.head.norm.scale',
    'imageHead.projection.linear.weight',
    'textTower.bert.embeddings.word',
    'textTower.bert.layers.0.ffn.up.weight',
    'textTower.bert.pooler.weight',
    'logScale',
  ];
  const factor = layerwiseDecay(names, 0.5);
  expect(names.map(factor)).toEqual([0.125, 0.25, 0.25, 0.5, 1, 1, 0.25, 0.5, 1, 1]);
});

it('keeps the full rate where no layers are numbered, and everywhere at decay 1', () => {
  expect(layerwiseDecay(['textTower.embeddings.word'], 0.5)('textTower.embeddings.word')).toBe(1);
  expect(layerwiseDecay(['textTower.layers.0.w', 'textTower.layers.1.w'], 1)('textTower.layers.0.w')).toBe(1);
});
