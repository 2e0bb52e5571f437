import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { InputError, writeFileAtomic } from '@azclip/base';

import { fileExists } from '../readers/file-exists.ts';
import { openUrl } from './open-url.ts';

/** A file over HTTP, a tar or a Parquet file, as one of `folder`. It is fetched once, as long as the server names its version by the same `ETag` or
 * `Last-Modified`; where it does neither, each time.
 * @returns the path.  @throws {InputError} if it does not come whole. */
export async function localCopy(location: string, folder: string): Promise<string> {
  const { headers, body } = await openUrl(location);
  const version = ['etag', 'last-modified'].map((name) => headers.get(name));
  const key = createHash('sha256').update(JSON.stringify([location, version, headers.get('content-length')]));
  const path = join(folder, `${key.digest('hex').slice(0, 32)}${extname(new URL(location).pathname)}`);
  const isVersioned = version.some((name) => name !== null);
  if (isVersioned && (await fileExists(path))) {
    await body.cancel();
    return path;
  }
  try {
    await writeFileAtomic(path, body);
    return path;
  } catch (error) {
    throw new InputError(`${location}: expected a file that comes whole, got "${(error as Error).message}"`);
  }
}
