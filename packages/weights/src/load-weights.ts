import type { HubOptions } from './hub/fetch-from-hub.ts';
import type { KeyMap } from './key-maps/key-map.ts';
import type { TargetShapes } from './key-maps/match-keys.ts';
import { readMapped, type ReadMappedOptions } from './key-maps/read-mapped.ts';
import { resolveWeights } from './resolve-weights.ts';
import type { NamedTensor } from './safetensors/dtype.ts';

/** Options of `loadWeights`. */
export interface LoadWeightsOptions extends ReadMappedOptions {
  /** Where hub ids are fetched from and kept. */
  readonly hub: HubOptions;
}

/** Streams pretrained tensors under our names, in our layouts and shapes.
 * @param spec - a safetensors file, a folder that holds one, or a hub id `owner/name[@revision]`.
 * @param targets - our tensors that are to be filled, shape by dotted name.
 * @throws {InputError} naming what is missing, unexpected or mis-shaped, or why the weights cannot be had. */
export async function* loadWeights(
  spec: string,
  map: KeyMap,
  targets: TargetShapes,
  { hub, ...options }: LoadWeightsOptions,
): AsyncGenerator<NamedTensor> {
  const { files } = await resolveWeights(spec, hub);
  yield* readMapped(files, map, targets, options);
}
