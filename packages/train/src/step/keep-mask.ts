import { createRandom, mixSeed } from '@azclip/base';
import type { KeepMask } from '@azclip/nn';

import type { StepContext } from './step-runner.ts';

/** Dropout masks as inputs of the step: the n-th mask of a step comes from the stream (seed of the step, n), so a step
 * replayed with its seed drops the same entries, on every backend. */
export function hostKeepMasks(context: StepContext): KeepMask {
  let count = 0;
  return (shape, keep) => {
    const index = count;
    count += 1;
    return context.hostInput(shape, 'float32', (data, seed) => {
      const random = createRandom(mixSeed(seed, index));
      const kept = keep * 65_536; // two entries a draw, of 16 bits each
      for (let i = 0; i < data.length; i += 2) {
        const bits = (random.uniform() * 4_294_967_296) >>> 0;
        data[i] = (bits & 0xffff) < kept ? 1 : 0;
        if (i + 1 < data.length) data[i + 1] = bits >>> 16 < kept ? 1 : 0;
      }
    });
  };
}
