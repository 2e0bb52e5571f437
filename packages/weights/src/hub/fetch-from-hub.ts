import { join } from 'node:path';

import { downloadFile, HubApiError, modelInfo, pathsInfo } from '@huggingface/hub';

import {
  addToSnapshot,
  blobPath,
  cachedFiles,
  readRevision,
  repositoryFolder,
  sizeOf,
  snapshotFolder,
  writeRevision,
} from './cache-layout.ts';
import { downloadBlob, type DownloadOptions, type RemoteFile } from './download-blob.ts';
import { HubError } from './hub-error.ts';
import type { HubId } from './hub-id.ts';

/** Where files of the hub come from and where they are kept. */
export interface HubOptions extends DownloadOptions {
  /** Folder of the cache; its layout is that of Python's `huggingface_hub`. */
  readonly cacheDir: string;
  /** `https://huggingface.co` unless told. */
  readonly hubUrl?: string | undefined;
  /** For private and gated repositories; starts with `hf_`. */
  readonly accessToken?: string | undefined;
  /** Whether only the cache is asked. */
  readonly offline?: boolean | undefined;
}

/** Brings files of a repository into the cache. What is there already is not fetched again.
 * @param choose - picks from the names of the repository's files, or from the cached ones when offline.
 * @returns the folder that holds the files under their names.
 * @throws {HubError} naming the repository, the file, and what to do. */
export async function fetchFromHub(
  hub: HubId,
  choose: (available: readonly string[]) => readonly string[],
  options: HubOptions,
): Promise<string> {
  const repository = repositoryFolder(options.cacheDir, hub);
  if (options.accessToken?.startsWith('hf_') === false)
    throw new HubError(`${nameOf(hub)}: expected an access token that starts with "hf_"`);
  if (options.offline === true) return offlineSnapshot(hub, repository, choose);
  const { sha, filePaths } = await ask(hub, () =>
    modelInfo({ name: hub.id, revision: hub.revision, additionalFields: ['sha', 'filePaths'], ...requestOf(options) }),
  );
  if (!/^[0-9a-f]{40}$/u.test(sha)) throw new HubError(`${nameOf(hub)}: expected a commit, got "${sha}"`);
  const snapshot = snapshotFolder(repository, sha);
  const wanted = choose(filePaths.filter(isPlain));
  for (const file of await describe({ ...hub, revision: sha }, wanted, options)) {
    const path = join(snapshot, file.path);
    if ((await sizeOf(path)) === file.size) continue;
    const blob = blobPath(repository, file.checksum);
    if ((await sizeOf(blob)) !== file.size) await download({ ...hub, revision: sha }, file, blob, options);
    await addToSnapshot(blob, path);
  }
  if (hub.revision !== sha) await writeRevision(repository, hub.revision, sha);
  return snapshot;
}

async function offlineSnapshot(
  hub: HubId,
  repository: string,
  choose: (available: readonly string[]) => readonly string[],
): Promise<string> {
  const commit = await readRevision(repository, hub.revision);
  const snapshot = snapshotFolder(repository, commit ?? '');
  const files = commit === undefined ? [] : await cachedFiles(snapshot);
  if (choose(files).length > 0) return snapshot;
  throw new HubError(`${nameOf(hub)}: not in the cache ${repository}; fetch it once with offline off`);
}

/** Sizes and checksums of files. */
async function describe(hub: HubId, paths: readonly string[], options: HubOptions): Promise<RemoteFile[]> {
  if (paths.length === 0) return [];
  const infos = await ask(hub, () =>
    pathsInfo({ repo: hub.id, paths: [...paths], revision: hub.revision, ...requestOf(options) }),
  );
  return paths.map((path) => {
    const info = infos.find((other) => other.path === path);
    const checksum = info?.lfs?.oid ?? info?.oid;
    if (!info || checksum === undefined || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(checksum))
      throw new HubError(`${nameOf(hub)}: expected size and checksum of ${path}, got none`);
    return { path, size: info.lfs?.size ?? info.size, checksum };
  });
}

async function download(hub: HubId, file: RemoteFile, target: string, options: HubOptions): Promise<void> {
  const request = { repo: hub.id, path: file.path, revision: hub.revision, xet: false, ...requestOf(options) };
  const contentFrom = async (offset: number): Promise<AsyncIterable<Uint8Array>> => {
    const blob = await ask(hub, () => downloadFile(request));
    if (!blob) throw new HubError(`${nameOf(hub)}: ${file.path} is not there`);
    return (offset === 0 ? blob : blob.slice(offset)).stream();
  };
  await downloadBlob(file, target, contentFrom, options);
}

function requestOf({ hubUrl, accessToken, signal }: HubOptions): {
  hubUrl?: string;
  accessToken?: string;
  fetch: typeof fetch;
} {
  return {
    ...(hubUrl === undefined ? {} : { hubUrl }),
    ...(accessToken === undefined ? {} : { accessToken }),
    fetch: (input, init) => fetch(input, signal ? { ...init, signal } : init),
  };
}

/** Whether a name stays within the folder it is joined to. */
const isPlain = (name: string): boolean =>
  !name.split(/[/\\]/u).some((part) => part === '' || part === '..' || part.includes(':'));

const nameOf = ({ id, revision }: HubId): string => `${id}@${revision}`;

/** Puts what the hub answers to a user's mistake into words. */
async function ask<T>(hub: HubId, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof HubApiError) {
      const known: Partial<Record<number, string>> = {
        401: 'no such repository, or it is private: check the name, or give an access token',
        403: 'access is not granted: accept its terms on the hub and give an access token',
        404: 'no such repository or revision',
      };
      const answer = known[error.statusCode] ?? `the hub answered ${String(error.statusCode)}`;
      throw new HubError(`${nameOf(hub)}: ${answer}`);
    }
    // fetch wraps the system's error
    const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
    if (code !== undefined)
      throw new HubError(`${nameOf(hub)}: the hub cannot be reached (${code}); what is cached can be used offline`);
    throw error;
  }
}
