import { loadImageWeights, type ImageTower, type ImageTowerConfig } from '@azclip/encoders-image';
import type { ParamTree } from '@azclip/nn';
import type { HubOptions } from '@azclip/weights';

import { withStoredValues } from './with-stored-values.ts';

/** `fresh` with the values that the config's `weights` name; itself where it names none, or where the tower is frozen and
 * has read them already.
 * @param fresh - parameters of the image tower; those that are replaced are freed.
 * @throws {InputError} naming what is missing, unexpected or mis-shaped. */
export async function withImageWeights(
  fresh: ParamTree,
  tower: Pick<ImageTower, 'fingerprint'>,
  config: ImageTowerConfig,
  hub: HubOptions,
): Promise<ParamTree> {
  if (tower.fingerprint !== undefined || !('weights' in config) || config.weights === undefined) return fresh;
  return withStoredValues(fresh, (shapes) => loadImageWeights(config, shapes, { hub }));
}
