import { batchNormKeys, convKeys, fusedLinearKeys, type KeyMap, linearKeys, sameKey } from './key-map.ts';
import { KeyMapError, matchKeys } from './match-keys.ts';

const map: KeyMap = {
  name: 'a test network',
  rules: [
    ...convKeys('stem', 'conv', { bias: true }),
    ...convKeys('dw', 'depthwise', { layout: 'depthwise' }),
    ...batchNormKeys('bn', 'norm'),
    ...linearKeys('fc', 'head'),
    ...fusedLinearKeys('qkv_weight', 'qkv_bias', ['query', 'key', 'value']),
    sameKey('gamma', 'layerScale'),
  ],
  canonical: (stored) => stored.replace(/^module\./u, ''),
  ignores: (stored) => stored.endsWith('num_batches_tracked'),
};

const stored = [
  { name: 'module.stem.weight', shape: [8, 3, 5, 5] },
  { name: 'module.stem.bias', shape: [8] },
  { name: 'module.bn.num_batches_tracked', shape: [] },
  { name: 'module.dw.weight', shape: [8, 1, 3, 3] },
  { name: 'module.qkv_weight', shape: [12, 4] },
  { name: 'module.gamma', shape: [8, 1, 1] },
];

const targets = {
  'conv.filter': [5, 5, 3, 8],
  'conv.bias': [8],
  'depthwise.filter': [3, 3, 8, 1],
  'query.weight': [4, 4],
  'value.weight': [4, 4],
  layerScale: [8],
};

it('finds each of ours under its stored name, several in a fused one', () => {
  const matches = matchKeys(map, stored, targets);
  const found = Object.fromEntries([...matches].map(([name, keys]) => [name, keys.map(({ rule }) => rule.ours)]));
  expect(found).toEqual({
    'module.stem.weight': ['conv.filter'],
    'module.stem.bias': ['conv.bias'],
    'module.dw.weight': ['depthwise.filter'],
    'module.qkv_weight': ['query.weight', 'value.weight'],
    'module.gamma': ['layerScale'],
  });
});

it('lists missing, unexpected and mis-shaped keys in one error', () => {
  const wrong = [...stored.slice(2), { name: 'stem.weight', shape: [8, 3, 7, 7] }, { name: 'other', shape: [1] }];
  const match = (): unknown => matchKeys(map, wrong, targets);
  expect(match).toThrow(KeyMapError);
  expect(match).toThrow(
    'expected the weights of a test network, got 1 missing: conv.bias; 1 unexpected: other; ' +
      '1 of another shape: stem.weight [8, 3, 7, 7] for conv.filter [5, 5, 3, 8]',
  );
});

it('lists ten keys at most and their count', () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ name: `x${String(i)}`, shape: [1] }));
  expect(() => matchKeys(map, [...stored, ...many], targets)).toThrow(
    '12 unexpected: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, …',
  );
});

it('lets ours keep their own values where that is allowed', () => {
  const match = (): unknown =>
    matchKeys(map, stored, { ...targets, 'head.bias': [2] }, (ours) => ours.startsWith('head'));
  expect(match).not.toThrow();
});

it('refuses a transposed weight of the same size', () => {
  const match = (): unknown => matchKeys(map, [{ name: 'fc.weight', shape: [2, 3] }], { 'head.weight': [2, 3] });
  expect(match).toThrow('1 of another shape: fc.weight [2, 3] for head.weight [2, 3]');
});
