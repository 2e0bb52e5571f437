import { join } from 'node:path';

import { fingerprintImages, trainedImagesName, writeFingerprints, type Pair } from '@azclip/data';

/** Writes what the model was trained on into its folder, a line an image with its id and look, so that no score counts
 * training images unnoticed. */
export async function writeTrainedImages(folder: string, pairs: readonly Pair[]): Promise<void> {
  await writeFingerprints(join(folder, trainedImagesName), fingerprintImages(pairs));
}
