import { copyFile, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import type { HubId } from './hub-id.ts';

/** Folder of a repository within a cache; the layout is that of Python's `huggingface_hub`, so that both share files:
 * contents in `blobs` by checksum, `snapshots/<commit>/<file>` pointing to them, `refs/<revision>` naming the commit. */
export const repositoryFolder = (cacheDir: string, { id }: HubId): string =>
  join(cacheDir, `models--${id.replace('/', '--')}`);

/** Where a file's content is kept, by its checksum. */
export const blobPath = (repository: string, checksum: string): string => join(repository, 'blobs', checksum);

/** Folder of the files of one commit. */
export const snapshotFolder = (repository: string, commit: string): string => join(repository, 'snapshots', commit);

/** Makes a content appear as a file of a commit: by a relative link, or a copy where links are not allowed. */
export async function addToSnapshot(blob: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  try {
    await symlink(relative(dirname(path), blob), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error; // Windows without the privilege
    await copyFile(blob, path);
  }
}

/** Notes which commit a revision was when it was last fetched. */
export const writeRevision = (repository: string, revision: string, commit: string): Promise<void> =>
  writeFileAtomic(join(repository, 'refs', revision), commit);

/** The commit that a revision was when it was last fetched: itself where it is a commit; undefined where it never was. */
export async function readRevision(repository: string, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/u.test(revision)) return revision;
  return (await ifPresent(readFile(join(repository, 'refs', revision), 'utf8')))?.trim();
}

/** Files of a commit that are cached, by name; none where it is not. */
export const cachedFiles = async (snapshot: string): Promise<string[]> => (await ifPresent(readdir(snapshot))) ?? [];

/** Size of a file in bytes, links followed; undefined where there is none. */
export const sizeOf = async (path: string): Promise<number | undefined> => (await ifPresent(stat(path)))?.size;

/** What `promise` gives, or undefined where its file is absent. */
async function ifPresent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
