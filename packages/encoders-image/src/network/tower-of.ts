import type { ImagePreprocessing } from '@azclip/data';
import { assertShape, evaluation, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { ImageTower } from '../image-tower.ts';
import type { Network } from './network.ts';

/** How a network is used as a tower. */
export interface TowerOptions {
  readonly name: string;
  readonly preprocessing: ImagePreprocessing;
  /** Number of stages, from the pixels on, that stay as they are; default 0. */
  readonly freeze?: number;
}

/** The tower of a network. Frozen stages run as in evaluation also while the others train: stored statistics, no dropout,
 * so that what they compute is that of the network they came from. */
export function towerOf({ stages, readout }: Network, options: TowerOptions): ImageTower {
  const { name, preprocessing, freeze = 0 } = options;
  const frozen = new Set(stages.slice(0, freeze).map((stage) => stage.name));
  return {
    name,
    preprocessing,
    featureDim: readout.featureDim,
    grid: readout.grid,
    fingerprint: undefined,
    init: (random) => ({
      ...Object.fromEntries(stages.map((stage) => [stage.name, stage.init(random.fork(stage.name))])),
      head: readout.init(random.fork('head')),
    }),
    isFrozen: (paramName) => frozen.has(paramName.slice(0, paramName.indexOf('.'))),
    apply: (params, pixels, mode) =>
      tf.tidy(() => {
        assertShape(`${name}: pixels`, pixels.shape, [-1, preprocessing.size, preprocessing.size, 3]);
        const parts = params as Readonly<Record<string, ParamTree>>;
        const maps: tf.Tensor[] = [];
        for (const [i, stage] of stages.entries()) {
          maps.push(stage.apply(partOf(parts, stage.name), maps[i - 1] ?? pixels, i < freeze ? evaluation : mode));
        }
        return readout.apply(partOf(parts, 'head'), maps, mode);
      }),
    dispose: () => undefined,
  };
}

function partOf(params: Readonly<Record<string, ParamTree>>, name: string): ParamTree {
  const part = params[name];
  if (!part) throw new RangeError(`parameters: "${name}" is missing`);
  return part;
}
