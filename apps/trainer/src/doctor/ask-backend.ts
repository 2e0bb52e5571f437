import { execFile } from 'node:child_process';

import type { BackendName } from '@azclip/nn';

import type { Measurement } from './measure-backend.ts';

/** What a process that measures a backend says at its end. */
export type Answer = Measurement | { readonly failure: string };

const longestMs = 180_000;

/** Measures a backend in a process of its own: a native library that crashes takes only that along, and settings that
 * libraries read when they load can differ.
 * @param command - arguments of Node that run the doctor for one backend. */
export function askBackend(
  command: readonly string[],
  backend: BackendName,
  precision: 'fp32' | 'bf16',
): Promise<Answer> {
  const flags = ['--measure', backend, '--precision', precision];
  return new Promise((resolve) => {
    execFile(process.execPath, [...command, ...flags], { timeout: longestMs }, (error, stdout) => {
      const line = stdout.split('\n').find((candidate) => candidate.startsWith(answerMark));
      if (line !== undefined) resolve(JSON.parse(line.slice(answerMark.length)) as Answer);
      else resolve({ failure: `its process ended by ${error?.signal ?? `exit code ${String(error?.code ?? 0)}`}` });
    });
  });
}

/** What the line with the answer begins with, among what libraries may print. */
export const answerMark = 'azclip-doctor ';
