import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { StoreError } from '../store/store-error.ts';
import { fileState, imageId, imageName, type ImageFile } from './image-file.ts';
import { listTar } from './list-tar.ts';
import { readCaptions } from './read-captions.ts';

/** Lists the images of `folder` and the folders in it, by name, and those in the tar archives among them; hidden files and
 * folders are passed over. Captions come from `captions.jsonl`.
 * @throws {StoreError} if the folder or an archive cannot be read. */
export async function listFolder(folder: string): Promise<ImageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StoreError(`${folder}: expected a folder of images, got ${reason}`);
  });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').some((part) => part.startsWith('.')))
    .sort();
  const captions = await readCaptions(folder);
  const images = files.filter((file) => imageName.test(file));
  const own = await Promise.all(
    images.map(async (file): Promise<ImageFile> => {
      const path = join(folder, file);
      return { id: imageId(file), file, place: { path }, ...(await fileState(path)), facts: captions.get(file) ?? {} };
    }),
  );
  const archives = files.filter((file) => file.endsWith('.tar'));
  const members = await Promise.all(archives.map((file) => listTar(join(folder, file), file)));
  return [...own, ...members.flat()];
}
