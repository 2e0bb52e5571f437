import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { bertKeyMap } from './bert.ts';
import { matchKeys, type TargetShapes } from './match-keys.ts';

const golden = (name: string): string => resolve(__dirname, '../../../../../shared/golden', `${name}.json`);

function keysOf(name: string): { name: string; shape: number[] }[] {
  const { keys } = JSON.parse(readFileSync(golden(name), 'utf8')) as { keys: Record<string, number[]> };
  return Object.entries(keys).map(([key, shape]) => ({ name: key, shape }));
}

/** Our tree's shapes. */
function bertShapes(vocabulary: number, dim: number, ffn: number, layers: number): TargetShapes {
  const shapes: Record<string, number[]> = {
    'embeddings.word': [vocabulary, dim],
    'embeddings.position': [512, dim],
    'embeddings.tokenType': [2, dim],
  };
  const linear = (name: string, from: number, to: number): void => {
    Object.assign(shapes, { [`${name}.weight`]: [from, to], [`${name}.bias`]: [to] });
  };
  const norm = (name: string): void => {
    Object.assign(shapes, { [`${name}.scale`]: [dim], [`${name}.bias`]: [dim] });
  };
  norm('embeddings.norm');
  for (let n = 0; n < layers; n++) {
    for (const map of ['query', 'key', 'value', 'output']) linear(`layers.${String(n)}.attention.${map}`, dim, dim);
    norm(`layers.${String(n)}.attentionNorm`);
    linear(`layers.${String(n)}.ffn.up`, dim, ffn);
    linear(`layers.${String(n)}.ffn.down`, ffn, dim);
    norm(`layers.${String(n)}.ffnNorm`);
  }
  return shapes;
}

const pooler = (dim: number): TargetShapes => ({ 'pooler.weight': [dim, dim], 'pooler.bias': [dim] });

const itWith = (name: string, title: string, body: () => void): void => {
  if (existsSync(golden(name))) it(title, body);
  else it.skip(`${title} (missing: ${golden(name)})`, body);
};

for (const [casing, vocabulary] of [
  ['cased', 119_547],
  ['uncased', 105_879],
] as const) {
  const name = `transformers-bert-base-multilingual-${casing}`;
  itWith(name, `covers every key of multilingual BERT, ${casing}`, () => {
    const targets = { ...bertShapes(vocabulary, 768, 3072, 12), ...pooler(768) };
    const stored = keysOf(name);
    expect(matchKeys(bertKeyMap(12), stored, targets).size).toBe(stored.length);
  });
}

itWith(
  'transformers-mlm-small',
  'takes names with the prefix, and passes over heads and a pooler that is not wanted',
  () => {
    const stored = keysOf('transformers-mlm-small');
    const layers = stored.filter(({ name }) => name.endsWith('intermediate.dense.bias')).length;
    expect(() => matchKeys(bertKeyMap(layers), stored, bertShapes(1000, 64, 128, layers))).not.toThrow();
  },
);

it('takes the first layers of a deeper checkpoint, whose norms are called gamma and beta', () => {
  const shapes = bertShapes(10, 4, 8, 1);
  const { rules } = bertKeyMap(2);
  const legacy = rules.map(({ stored, ours, layout }) => ({
    name: `bert.${stored.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`,
    shape: layout === 'linear' ? [...(shapes[ours] ?? [1, 1])].reverse() : (shapes[ours] ?? [1]),
  }));
  expect(legacy.some(({ name }) => name === 'bert.encoder.layer.1.output.LayerNorm.gamma')).toBe(true);
  expect(matchKeys(bertKeyMap(2), legacy, shapes).size).toBe(Object.keys(shapes).length);
});
