import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { addUsage, startUsageMeter } from './usage.ts';

const burn = (): number => {
  let sum = 0;
  for (let i = 0; i < 3e6; i += 1) sum += Math.sqrt(i);
  return sum;
};

it('measures time and memory, and no energy where none is measured', () => {
  const meter = startUsageMeter(undefined, '/nowhere');
  burn();
  const { wallSeconds, cpuSeconds, peakMemoryMiB, energySource, ...rest } = meter.read();
  expect(wallSeconds).toBeGreaterThan(0);
  expect(cpuSeconds).toBeGreaterThan(0);
  expect(peakMemoryMiB).toBeGreaterThan(10);
  expect([energySource, rest]).toEqual(['not measured', {}]);
});

it('estimates energy from busy time, and says so', () => {
  const meter = startUsageMeter(20, '/nowhere');
  burn();
  const { cpuSeconds, energyJoules, energySource } = meter.read();
  expect(energyJoules).toBe(20 * cpuSeconds);
  expect(energySource).toBe('estimate: 20 W a busy core');
});

it('reads the counters of all processor packages, over the point where they start again, and no part twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'powercap-'));
  const set = async (name: string, energy: number): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'energy_uj'), `${String(energy)}\n`);
    await writeFile(join(folder, name, 'max_energy_range_uj'), '10000000\n');
  };
  await set('intel-rapl:0', 9_000_000);
  await set('intel-rapl:1', 1_000_000);
  await set('intel-rapl:0:0', 0); // the cores of package 0: already in it
  const meter = startUsageMeter(20, folder);
  await set('intel-rapl:0', 1_000_000); // 1 J to the end, 1 J from the start
  await set('intel-rapl:1', 4_000_000); // 3 J
  await set('intel-rapl:0:0', 5_000_000);
  expect(meter.read()).toMatchObject({ energyJoules: 5, energySource: 'RAPL, whole machine' });
});

it('adds sittings: times add up, the larger memory stays, energy only where both have it', () => {
  const one = { wallSeconds: 1, cpuSeconds: 2, peakMemoryMiB: 30, energyJoules: 4, energySource: 'x' };
  const other = { wallSeconds: 10, cpuSeconds: 20, peakMemoryMiB: 20, energyJoules: 40, energySource: 'x' };
  expect(addUsage(undefined, one)).toEqual(one);
  expect(addUsage(one, other)).toEqual({
    wallSeconds: 11,
    cpuSeconds: 22,
    peakMemoryMiB: 30,
    energyJoules: 44,
    energySource: 'x',
  });
  const without = { wallSeconds: 1, cpuSeconds: 1, peakMemoryMiB: 1, energySource: 'not measured' };
  expect(addUsage(one, without)).not.toHaveProperty('energyJoules');
});
