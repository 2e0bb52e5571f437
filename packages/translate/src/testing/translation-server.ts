import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** How the next requests go wrong; see tools/fixtures/translation-server.mjs. */
export type Fault =
  | 'ok'
  | 'hang'
  | 'cut'
  | 'half'
  | 'not-json'
  | 'short'
  | { readonly status: number; readonly retryAfter?: number | string };

/** What the server was asked. */
export interface ServerCounts {
  readonly requests: number;
  readonly texts: Readonly<Record<string, number>>;
  readonly mostAtOnce: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly Record<string, unknown>[];
}

/** A translation server in a process of its own. */
export interface TranslationServer {
  readonly url: string;
  fail(...faults: Fault[]): Promise<void>;
  poison(texts: readonly string[], status?: number): Promise<void>;
  delay(ms: number): Promise<void>;
  /** As if just started. */
  reset(): Promise<void>;
  counts(): Promise<ServerCounts>;
  stop(): Promise<void>;
}

/** What the server makes of a text: its words turned round. */
export const turnRound = (text: string): string =>
  text
    .split(' ')
    .map((word) => Array.from(word).reverse().join(''))
    .join(' ');

/** Starts tools/fixtures/translation-server.mjs. */
export async function startTranslationServer(): Promise<TranslationServer> {
  const script = resolve(__dirname, '../../../../tools/fixtures/translation-server.mjs');
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${port.toString().trim()}`;
  const tell = async (path: string, body: unknown): Promise<void> => {
    await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    url,
    fail: (...faults) => tell('/faults', faults),
    poison: (texts, status = 500) => tell('/poison', { texts, status }),
    delay: (ms) => tell('/delay', ms),
    reset: () => tell('/reset', null),
    counts: async () => (await (await fetch(`${url}/counts`)).json()) as ServerCounts,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
