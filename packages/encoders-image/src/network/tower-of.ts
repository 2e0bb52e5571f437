import type { ImagePreprocessing } from '@azclip/data';
import { assertShape, evaluation, type Mode, type ParamTree } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import type { ImageTower } from '../image-tower.ts';
import type { Enhancements } from '../enhancements.ts';
import { adaptiveReadout } from './adaptive.ts';
import type { Network, Readout, Stage } from './network.ts';
import { acrossScales, atScales } from './scales.ts';
import { fusedReadout, weightedSum } from './stage-fusion.ts';

/** How a network is used as a tower. */
export interface TowerOptions {
  readonly name: string;
  readonly preprocessing: ImagePreprocessing;
  /** Number of stages, from the pixels on, that stay as they are; default 0. */
  readonly freeze?: number;
  /** The paper's enhancements; default none. */
  readonly enhancements?: Enhancements;
}

/** The tower of a network. Frozen stages run as in evaluation also while the others train: stored statistics, no dropout,
 * so that what they compute is that of the network they came from. */
export function towerOf(network: Network, options: TowerOptions): ImageTower {
  const { name, preprocessing, freeze = 0 } = options;
  const { stages } = network;
  const readout = enhancedReadout(network, options.enhancements);
  const divisors = divisorsOf(options.enhancements);
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
      ...(divisors.length > 1 ? { scales: { scores: tf.zeros([divisors.length]) } } : {}),
    }),
    isFrozen: (paramName) => frozen.has(paramName.slice(0, paramName.indexOf('.'))),
    apply: (params, pixels, mode) =>
      tf.tidy(() => {
        assertShape(`${name}: pixels`, pixels.shape, [-1, preprocessing.size, preprocessing.size, 3]);
        const parts = params as Readonly<Record<string, ParamTree>>;
        const forward = (x: tf.Tensor4D, own: Mode): tf.Tensor2D =>
          readout.apply(partOf(parts, 'head'), mapsOf(stages, parts, x, { freeze, mode: own }), own);
        const [first, ...others] = acrossScales(atScales(pixels, divisors), mode, forward);
        if (!first) throw new RangeError('multiResolution: expected at least one scale');
        if (others.length === 0) return first;
        const { scores } = partOf(parts, 'scales') as unknown as { readonly scores: tf.Tensor1D };
        return weightedSum(scores, [first, ...others]);
      }),
    dispose: () => undefined,
  };
}

/** The output of every stage. */
function mapsOf(
  stages: readonly Stage[],
  parts: Readonly<Record<string, ParamTree>>,
  pixels: tf.Tensor4D,
  { freeze, mode }: { readonly freeze: number; readonly mode: Mode },
): readonly tf.Tensor[] {
  const maps: tf.Tensor[] = [];
  for (const [i, stage] of stages.entries()) {
    maps.push(stage.apply(partOf(parts, stage.name), maps[i - 1] ?? pixels, i < freeze ? evaluation : mode));
  }
  return maps;
}

function enhancedReadout(network: Network, { adaptive, multiResolution }: Enhancements = { adaptive: false }): Readout {
  const fused = multiResolution?.kind === 'stages' ? fusedReadout(network, multiResolution.count) : network.readout;
  return adaptive ? adaptiveReadout(fused) : fused;
}

const divisorsOf = ({ multiResolution }: Enhancements = { adaptive: false }): readonly number[] =>
  multiResolution?.kind === 'scales' ? multiResolution.divisors : [1];

function partOf(params: Readonly<Record<string, ParamTree>>, name: string): ParamTree {
  const part = params[name];
  if (!part) throw new RangeError(`parameters: "${name}" is missing`);
  return part;
}
