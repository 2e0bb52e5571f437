import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { writeFileAtomic } from '@azclip/base';

import { usageSchema, type Usage } from '../experiment/job-result.ts';
import { addUsage, startUsageMeter } from '../experiment/usage.ts';

/** What all sittings of a run have taken together. */
export interface Sittings {
  /** Writes what was taken so far, so that it counts also if this sitting is killed.
   * @returns it. */
  save(): Promise<Usage>;
}

/** Opens the record of what a run takes, and starts to measure this sitting.
 * @param goesOn - whether earlier sittings of the same run count.
 * @param wattsPerCore - for an estimate where the machine does not measure its energy. */
export async function openSittings(path: string, goesOn: boolean, wattsPerCore: number): Promise<Sittings> {
  const meter = startUsageMeter(wattsPerCore);
  const before = goesOn ? await readUsage(path) : undefined;
  return {
    save: async () => {
      const usage = addUsage(before, meter.read());
      await writeFileAtomic(path, `${JSON.stringify(usage)}\n`);
      return usage;
    },
  };
}

/** What earlier sittings took, as far as they could still say so. */
async function readUsage(path: string): Promise<Usage | undefined> {
  if (!existsSync(path)) return undefined;
  return usageSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
