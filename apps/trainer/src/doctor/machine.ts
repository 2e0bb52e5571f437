import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** Facts of this machine, in words. */
export interface Machine {
  readonly processor: string;
  readonly memory: string;
  readonly disk: string;
  readonly gpu: string;
  readonly openMpi: string;
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** Looks at the machine. */
export async function lookAtMachine(): Promise<Machine> {
  const { bavail, bsize } = await statfs('.');
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const units = vectorUnits(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
  return {
    processor: `${model}, ${String(availableParallelism())} cores${units}, ${process.platform} ${process.arch}`,
    memory: `${gib(freemem())} of ${gib(totalmem())} GiB free`,
    disk: `${gib(bavail * bsize)} GiB free in ${process.cwd()}`,
    gpu: await answerOf('nvidia-smi', ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']),
    openMpi: await answerOf('mpirun', ['--version']),
  };
}

/** The widest vector unit that /proc/cpuinfo names, and whether it multiplies bf16; empty where it says nothing. */
export function vectorUnits(cpuinfo: string): string {
  const flags = new Set(/^flags\s*:(.*)$/mu.exec(cpuinfo)?.[1]?.trim().split(' '));
  if (flags.size === 0) return '';
  const widest = flags.has('avx512f') ? 'AVX-512' : flags.has('avx2') ? 'AVX2' : 'no AVX2';
  const bf16 = ['avx512_bf16', 'amx_bf16', 'avx_ne_convert'].some((flag) => flags.has(flag));
  return ` (${widest}, ${bf16 ? 'bf16' : 'no bf16'})`;
}

/** The first line that a program prints; empty where there is none. */
const answerOf = (program: string, flags: readonly string[]): Promise<string> =>
  promisify(execFile)(program, flags, { timeout: 10_000 }).then(
    ({ stdout }) => stdout.split('\n')[0]?.trim() ?? '',
    () => '',
  );
