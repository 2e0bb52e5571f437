import { join } from 'node:path';

import { folderOf } from '../testing.ts';
import { expandPaths } from './expand-paths.ts';

it('writes out ranges, zeros kept, and stars', async () => {
  expect(await expandPaths(['http://h/{08..10}/{0..1}.tar'])).toEqual(
    ['08', '09', '10'].flatMap((n) => [`http://h/${n}/0.tar`, `http://h/${n}/1.tar`]),
  );
  const root = await folderOf({ 'b-1.tar': '', 'b-0.tar': '', 'a.tar': '', 'b-0.tar.idx': '' });
  expect(await expandPaths([join(root, 'b-*.tar')])).toEqual([join(root, 'b-0.tar'), join(root, 'b-1.tar')]);
  await expect(expandPaths([join(root, 'c*.tar')])).rejects.toThrow('expected a file of such a name');
  await expect(expandPaths(['{5..1}.tar'])).rejects.toThrow('got -3');
});
