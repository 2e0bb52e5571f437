import { spawnSync } from 'node:child_process';

/** The memory setting that `trainer:fit` starts with (apps/trainer/package.json): pages of 2 MiB. */
export const fitSetting = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** Starts this script anew with the setting of `trainer:fit`, unless it has one. */
export function startAsFit() {
  if (process.env.GLIBC_TUNABLES !== undefined) return;
  const env = { ...process.env, ...fitSetting };
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env,
  });
  process.exit(status ?? 1);
}

/** The environment of the other side: as its users start it. */
export function peerEnvironment() {
  const { GLIBC_TUNABLES: _, ...environment } = process.env;
  return environment;
}
