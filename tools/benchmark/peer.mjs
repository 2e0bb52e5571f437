/** The other side of a benchmark: a process that answers each line it is sent with one line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { peerEnvironment } from './as-fit.mjs';

/** Starts a process and waits for its first line: `greeting`. `ask(line)` sends a line and waits for the answer, undefined where the
 * process has ended; `stop()` ends it.
 * @param errors - 'inherit' to show what it says of errors.
 * @returns undefined where it ends, or cannot begin, without a line. */
export async function startPeer(command, args, errors = 'ignore', env = process.env) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', errors], env });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value;
  const greeting = await answer();
  if (greeting === undefined) return undefined;
  return {
    greeting,
    ask: (line = '') => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    stop: () => void child.kill(),
  };
}

/** Starts a script of this folder by the Python of AZCLIP_PYTHON, or python3, as its users start it. */
export const startPython = (script, args, errors) =>
  startPeer(
    process.env.AZCLIP_PYTHON ?? 'python3',
    [fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)],
    errors,
    peerEnvironment(),
  );

/** The middle of the values; the upper one of two. */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Lets the side whose turn is over come to rest: PyTorch's threads wait for more work actively, 7 to 10 ms of processor time after a layer,
 * and the other side would share the cores with them. */
export const rest = () => setTimeout(50);
