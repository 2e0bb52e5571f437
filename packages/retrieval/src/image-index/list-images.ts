import type { ImageFile } from './image-file.ts';
import { listFolder } from './list-folder.ts';
import { listManifest } from './list-manifest.ts';
import { listTar } from './list-tar.ts';

/** Lists the images of a gallery: a folder (with the folders and tar archives in it), a manifest (`.jsonl`), or one WebDataset
 * archive (`.tar`).
 * @throws {InputError} if it cannot be read. */
export async function listImages(gallery: string): Promise<ImageFile[]> {
  if (gallery.endsWith('.jsonl')) return listManifest(gallery);
  if (gallery.endsWith('.tar')) return listTar(gallery);
  return listFolder(gallery);
}
