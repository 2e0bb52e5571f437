import { preprocessImage, type ImageSource } from '@azclip/data';
import type { Model } from '@azclip/retrieval';

/** Decodes one image and embeds it.
 * @returns [embedDim], a unit vector.
 * @throws {CorruptImageError} if it cannot be decoded whole. */
export async function embedImage(model: Model, source: ImageSource): Promise<Float32Array> {
  return model.embedImages(await preprocessImage(source, model.config.preprocessing), 1);
}
