import { isAbsolute, join } from 'node:path';

/** A path that a configuration names: below the root of the set, unless it says whole where it stands. */
export const underRoot = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));
