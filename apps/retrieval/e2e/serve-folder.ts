import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(__dirname, '../dist/main.js');

/** A server in a process of its own. */
export interface ServedFolder {
  readonly url: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `retrieval serve` on a free port and waits until it listens. */
export async function serveFolder(model: string, images: string, ...options: string[]): Promise<ServedFolder> {
  const args = [main, 'serve', `--model=${model}`, `--images=${images}`, '--port=0', ...options];
  const env = { ...process.env, NODE_ENV: 'production' }; // consola says less where it takes itself to be tested
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /search at (http:\S+)/u.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => {
      reject(new Error(`the server ended: ${said}`));
    });
  });
  return {
    url,
    child,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
