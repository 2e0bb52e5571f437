/** Memory that loading pretrained weights takes beside the parameters themselves, in the largest tensor: a safetensors file of the
 * shapes of multilingual BERT, without its values, read under our names and layouts, every tensor kept.
 *
 *   node --expose-gc --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/weights-memory.ts
 *
 * Needs 0.7 GB of disk for a moment and 1.5 GB of memory. Peak resident memory counts what the system counts; collectors free late, so
 * a collection is asked for after each tensor, as a machine short of memory would do by itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bertKeyMap, readMapped, writeSafetensors } from '@azclip/weights';

const [pieces, hidden, ffn, layers] = [105_879, 768, 3072, 12];

/** Shapes of transformers' BertModel, by name. */
function storedShapes(): readonly (readonly [string, readonly number[]])[] {
  const linear = (name: string, from: number, to: number) =>
    [
      [`${name}.weight`, [to, from]],
      [`${name}.bias`, [to]],
    ] as const;
  const norm = (name: string) => ['weight', 'bias'].map((part) => [`${name}.${part}`, [hidden]] as const);
  const layer = (i: number) => {
    const at = `encoder.layer.${String(i)}`;
    const maps = ['self.query', 'self.key', 'self.value', 'output.dense'];
    return [
      ...maps.flatMap((map) => linear(`${at}.attention.${map}`, hidden, hidden)),
      ...norm(`${at}.attention.output.LayerNorm`),
      ...linear(`${at}.intermediate.dense`, hidden, ffn),
      ...linear(`${at}.output.dense`, ffn, hidden),
      ...norm(`${at}.output.LayerNorm`),
    ];
  };
  return [
    ['embeddings.word_embeddings.weight', [pieces, hidden]],
    ['embeddings.position_embeddings.weight', [512, hidden]],
    ['embeddings.token_type_embeddings.weight', [2, hidden]],
    ...norm('embeddings.LayerNorm'),
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
    ...linear('pooler.dense', hidden, hidden),
  ];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined);
const folder = await mkdtemp(join(tmpdir(), 'azclip-'));
const path = join(folder, 'model.safetensors');
const shapes = storedShapes();
const zeros = new Float32Array(pieces * hidden);
await writeSafetensors(
  path,
  shapes.map(([name, shape]) => ({ name, dtype: 'float32', shape, data: zeros.subarray(0, sizeOf(shape)) })),
);
const map = bertKeyMap(layers);
const turned = new Set(map.rules.filter(({ layout }) => layout === 'linear').map(({ stored }) => stored));
const targets = Object.fromEntries(
  map.rules.flatMap(({ stored, ours }) => {
    const shape = shapes.find(([name]) => name === stored)?.[1];
    return shape ? [[ours, turned.has(stored) ? [...shape].reverse() : shape] as const] : [];
  }),
);
const held: unknown[] = [];
let [parameters, peak] = [0, 0];
collect();
const before = process.memoryUsage().arrayBuffers;
for await (const tensor of readMapped(path, map, targets)) {
  held.push(tensor);
  parameters += tensor.data.byteLength;
  peak = Math.max(peak, process.memoryUsage().arrayBuffers - before - parameters);
  collect();
}
await rm(folder, { recursive: true });
const largest = 4 * pieces * hidden;
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
console.table({
  'parameters, MB': { value: megabytes(parameters) },
  'largest tensor, MB': { value: megabytes(largest) },
  'beside the parameters at most, MB': { value: megabytes(peak) },
  'share of the largest tensor': { value: (peak / largest).toFixed(3) },
});
