import { readdir } from 'node:fs/promises';

import { InputError } from './input-error.ts';

/** Names in a folder, in no order.
 * @throws {InputError} if it is none. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    throw new InputError(`${folder}: expected a folder, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  });
}
