/** The other side of a benchmark: a process that answers each line it is sent with one line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that has begun. */
export interface Peer {
  /** Its first line: a version, or what it is. */
  readonly greeting: string;
  /** Sends a line. @returns the answer; undefined where it has ended. */
  ask(line?: string): Promise<string | undefined>;
  stop(): void;
}

/** Starts a process and waits for its first line. @returns undefined where it ends, or cannot begin, without one.
 * @param errors - whether what it says of errors is shown.
 * @param setting - further variables of its environment. */
export async function startPeer(
  command: string,
  args: readonly string[],
  errors: 'ignore' | 'inherit' = 'ignore',
  setting: Readonly<Record<string, string>> = {},
): Promise<Peer | undefined> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', errors], env: { ...process.env, ...setting } });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string | undefined> => (await lines.next()).value as string | undefined;
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

/** Starts a script of this folder by the Python of AZCLIP_PYTHON, or python3. */
export const startPython = (
  script: string,
  args: readonly (string | number)[],
  errors?: 'ignore' | 'inherit',
): Promise<Peer | undefined> =>
  startPeer(
    process.env['AZCLIP_PYTHON'] ?? 'python3',
    [fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)],
    errors,
  );

/** The middle of the values; the upper one of two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
