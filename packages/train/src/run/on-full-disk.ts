import { InputError } from '@azclip/base';

/** What the file system says where there is no room: on the disk, within a quota, or within the size that a file may have. */
const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Does `work`; where the disk is full it says so in one sentence.
 * @param path - what is being written.
 * @throws {InputError} for a full disk; other errors as they come. */
export async function onFullDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!noRoom.has(code)) throw error;
    const advice = 'the last checkpoint is whole: make room, then go on with --resume';
    throw new InputError(`${path}: expected room on the disk, got ${code}; ${advice}`);
  }
}
