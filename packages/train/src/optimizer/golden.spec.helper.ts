import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { unitValues } from '@azclip/weights/formula';

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

/** The golden files' values by name, in [−1, 1). */
export const formulaValues = (name: string, count: number): number[] =>
  Array.from(unitValues(name, count), Math.fround);
