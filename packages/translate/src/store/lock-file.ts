import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';

import { TranslateError } from '../translate-error.ts';

/** A held lock. */
export interface FileLock {
  release(): Promise<void>;
}

/** Takes the lock that the file `path` stands for. A lock whose process has ended on this machine is taken over.
 * @throws {TranslateError} naming the process that holds it, here or on another machine. */
export async function lockFile(path: string): Promise<FileLock> {
  const owner = `${hostname()} ${String(process.pid)}`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(owner);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (attempt > 0 || isHeld(holder, owner)) {
      throw new TranslateError(`${path}: held by process "${holder}"; if it has ended, delete this file`);
    }
    await rm(path, { force: true });
  }
}

/** A lock of this very process is one that it still holds. */
function isHeld(holder: string, owner: string): boolean {
  const [host, pid = ''] = holder.split(' ');
  if (holder === owner || host !== hostname()) return holder !== '';
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
