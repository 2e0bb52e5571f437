import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Usage } from './job-result.ts';

/** Measures what the process takes from now on. */
export interface UsageMeter {
  /** What was taken since the meter was made. */
  read(): Usage;
}

/** Starts to measure time, memory and energy.
 * Energy is read from the counters of the processor packages (RAPL) where the machine has them and lets us read them;
 * they count everything that runs on the machine. Else it is busy time × `wattsPerCore`, or it is not given.
 * @param powercap - folder of the counters. */
export function startUsageMeter(wattsPerCore: number | undefined, powercap = '/sys/class/powercap'): UsageMeter {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const packages = readPackages(powercap);
  return {
    read: () => {
      const { user, system } = process.cpuUsage(cpu);
      const cpuSeconds = (user + system) / 1e6;
      const measured = packages && energyBetween(packages, readPackages(powercap));
      const estimated = wattsPerCore === undefined ? undefined : cpuSeconds * wattsPerCore;
      const energyJoules = measured ?? estimated;
      const estimate = estimated === undefined ? 'not measured' : `estimate: ${String(wattsPerCore)} W a busy core`;
      return {
        wallSeconds: (performance.now() - start) / 1000,
        cpuSeconds,
        peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
        ...(energyJoules !== undefined && { energyJoules }),
        energySource: measured === undefined ? estimate : 'RAPL, whole machine',
      };
    },
  };
}

/** Adds what two sittings of one job took. */
export function addUsage(first: Usage | undefined, second: Usage): Usage {
  if (!first) return second;
  const both = first.energyJoules !== undefined && second.energyJoules !== undefined;
  return {
    wallSeconds: first.wallSeconds + second.wallSeconds,
    cpuSeconds: first.cpuSeconds + second.cpuSeconds,
    peakMemoryMiB: Math.max(first.peakMemoryMiB, second.peakMemoryMiB),
    ...(both && { energyJoules: (first.energyJoules ?? 0) + (second.energyJoules ?? 0) }),
    energySource: both ? second.energySource : 'not measured in every sitting',
  };
}

interface Package {
  /** µJ */
  readonly energy: number;
  /** µJ at which the counter starts over. */
  readonly range: number;
}

/** Counters of the processor packages (`intel-rapl:0`, …), without the parts that they already hold. */
function readPackages(powercap: string): Package[] | undefined {
  if (!existsSync(powercap)) return undefined;
  const folders = readdirSync(powercap).filter((name) => /^intel-rapl:\d+$/u.test(name));
  const read = (name: string, file: string): number => Number(readFileSync(join(powercap, name, file), 'utf8'));
  try {
    const packages = folders.map((name) => ({
      energy: read(name, 'energy_uj'),
      range: read(name, 'max_energy_range_uj'),
    }));
    return packages.length > 0 ? packages : undefined;
  } catch {
    return undefined; // most systems let only root read them
  }
}

function energyBetween(before: readonly Package[], after: readonly Package[] | undefined): number | undefined {
  if (after?.length !== before.length) return undefined;
  return before.reduce((sum, { energy, range }, i) => {
    const now = after[i]?.energy ?? energy;
    return sum + (now >= energy ? now - energy : now - energy + range) / 1e6;
  }, 0);
}
