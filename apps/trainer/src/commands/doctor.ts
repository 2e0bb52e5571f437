import { InputError } from '@azclip/base';
import { backendNames, useBackend, type BackendName } from '@azclip/nn';
import { Command, Option } from 'commander';
import { consola } from 'consola';

import { answerMark, askBackend, type Answer } from '../doctor/ask-backend.ts';
import { libraryVersions } from '../doctor/library-versions.ts';
import { lookAtMachine } from '../doctor/machine.ts';
import { measureBackend } from '../doctor/measure-backend.ts';
import { nativeFolder, prepareNativeLibraries } from '../native-libraries.ts';

interface DoctorFlags {
  readonly measure?: BackendName;
  readonly precision: 'fp32' | 'bf16';
}

/** `trainer doctor`: what this machine has, which backends load on it, how fast each is, and what the others lack. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('what this machine has, which backends load here, how fast each is, and what the others lack')
    .addOption(new Option('--measure <backend>').choices(backendNames).hideHelp())
    .addOption(new Option('--precision <name>').choices(['fp32', 'bf16']).default('fp32').hideHelp())
    .action(async ({ measure, precision }: DoctorFlags) => {
      if (measure) await printMeasurement(measure, precision);
      else await printReport();
    });
}

async function printReport(): Promise<void> {
  const { processor, memory, disk, gpu, openMpi } = await lookAtMachine();
  consola.log(`processor  ${processor}`);
  consola.log(`memory     ${memory}`);
  consola.log(`disk       ${disk}`);
  consola.log(`GPU        ${gpu === '' ? 'no NVIDIA driver answers; what WebGPU sees stands below' : gpu}`);
  consola.log(`libraries  ${libraryVersions()}`);
  consola.log(`machines   ${openMpi === '' ? 'one: for several, apt install openmpi-bin' : openMpi}`);
  consola.log('backends   a layer of BERT-base, forward and gradients');
  for (const backend of backendNames) consola.log(backendLine(backend, await measured(backend)));
  prepareNativeLibraries('fp32');
  const { backend, reason } = await useBackend('auto', { nativeFolder });
  consola.log(`auto       ${backend}: ${reason}`);
}

/** In fp32, and where there is another precision in that too. */
async function measured(backend: BackendName): Promise<readonly Answer[]> {
  const command = [...process.execArgv, process.argv[1] ?? '', 'doctor'];
  const answer = await askBackend(command, backend, 'fp32');
  if (backend !== 'tensorflow' || 'failure' in answer) return [answer];
  return [answer, await askBackend(command, backend, 'bf16')];
}

/** A backend in one line: its speed and device, or what it lacks. */
export function backendLine(backend: BackendName, [answer, bf16]: readonly Answer[]): string {
  const name = backend.padEnd(11);
  if (!answer || 'failure' in answer) return `  ✘ ${name}  ${answer?.failure ?? ''}`;
  const other = bf16 && !('failure' in bf16) ? `, in bf16 ${rate(bf16.gflops)}` : '';
  return `  ✔ ${name}  ${rate(answer.gflops)}${other}  (${answer.device})`;
}

const rate = (gflops: number | undefined): string =>
  gflops === undefined ? 'not timed' : `${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s`;

async function printMeasurement(backend: BackendName, precision: 'fp32' | 'bf16'): Promise<void> {
  prepareNativeLibraries(precision);
  const answer: Answer = await measureBackend(backend, nativeFolder).catch((error: unknown) => {
    if (error instanceof InputError) return { failure: error.message };
    throw error;
  });
  process.stdout.write(`\n${answerMark}${JSON.stringify(answer)}\n`, () => process.exit()); // devices may keep it alive
}
