import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const path = resolve(__dirname, '../../../../../shared/golden/losses-optimizer.json');

/** What torch computed: ten steps of AdamW, and a cosine schedule of 100 steps. */
export interface GoldenOptimizer {
  readonly adamw: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly start: number[];
    readonly trajectory: number[][];
  };
  readonly cosine_warmup_10_of_100: number[];
}

/** Runs `body` with the golden file, or skips it, naming the file, where that is absent. */
export function itWithGolden(name: string, body: (golden: GoldenOptimizer) => void | Promise<void>): void {
  if (!existsSync(path)) {
    it.skip(`${name} (missing: ${path})`, () => undefined);
    return;
  }
  it(name, async () => {
    await body(JSON.parse(readFileSync(path, 'utf8')) as GoldenOptimizer);
  });
}

/** The golden files' values by name: FNV-1a of the name, then murmur3's finalizer of every entry, in [−1, 1). */
export function formulaValues(name: string, count: number): number[] {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return Array.from({ length: count }, (_, i) => {
    let x = (hash + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    return Math.fround((x / 2 ** 32) * 2 - 1);
  });
}
