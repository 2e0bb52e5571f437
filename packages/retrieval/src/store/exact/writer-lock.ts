import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

import { StoreError } from '../store-error.ts';

/** Takes the right to write a store: a file that names the process. One left by a process that is gone is taken over.
 * @returns gives the right back.
 * @throws {StoreError} if another living process, or another store of this one, has it. */
export async function lockForWriting(path: string): Promise<() => Promise<void>> {
  const mine = `${String(process.pid)} ${(await startOf(process.pid)) ?? ''} ${randomUUID()}`;
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  await writeFile(temporary, mine, { flag: 'wx' });
  try {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (await tryLink(temporary, path)) return release(path, mine);
      const owner = await readFile(path, 'utf8').catch(() => '');
      if (await isAlive(owner)) {
        const [pid] = owner.split(' ');
        throw new StoreError(`${path}: expected no other writer, got process ${pid ?? ''}; wait until it has ended`);
      }
      await rm(path, { force: true });
    }
    throw new StoreError(`${path}: expected to become the writer, got overtaken by another process; try again`);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A link appears with its content or not at all, so that no one reads a lock half written. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const held = new Set<string>();

function release(path: string, mine: string): () => Promise<void> {
  held.add(mine);
  return async () => {
    held.delete(mine);
    await rm(path, { force: true });
  };
}

/** A process id alone is not enough: after a restart of a container the same number is given to the next process. */
async function isAlive(owner: string): Promise<boolean> {
  const [pid, start] = owner.split(' ');
  if (Number(pid) === process.pid) return held.has(owner);
  return pid !== undefined && pid !== '' && (await startOf(Number(pid))) === start;
}

/** When a process was started, in the kernel's ticks; `unknown` where the kernel does not say; undefined if it is gone. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const status = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' '); // the name may hold spaces; field 3 comes next
  return fields[19] ?? 'unknown'; // field 22 of proc(5)
}
