import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSittings } from './sittings.ts';

it('adds what earlier sittings of a run took, a killed one as far as it had saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'azclip-sittings-'));
  const path = join(folder, 'usage.json');
  const first = await (await openSittings(path, false, 15)).save();
  const second = await (await openSittings(path, true, 15)).save();
  expect(second.wallSeconds).toBeGreaterThan(first.wallSeconds);
  expect(second.peakMemoryMiB).toBeGreaterThanOrEqual(first.peakMemoryMiB);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(second);
  const anew = await (await openSittings(path, false, 15)).save();
  expect(anew.wallSeconds).toBeLessThan(second.wallSeconds);
  await rm(folder, { recursive: true });
});
