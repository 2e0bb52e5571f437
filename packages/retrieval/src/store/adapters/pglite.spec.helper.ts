import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { PgClient } from './pg-vector-store.ts';

const program = `
  import { PGlite } from '@electric-sql/pglite';
  import { vector } from '@electric-sql/pglite-pgvector';
  const database = await PGlite.create({ extensions: { vector } });
  process.on('message', async ({ number, sql, parameters }) => {
    try {
      const { rows } = await database.query(sql, parameters);
      process.send({ number, rows });
    } catch (error) {
      process.send({ number, error: error.message });
    }
  });
  process.send({ number: -1, rows: [] });`;

interface Reply {
  readonly number: number;
  readonly rows?: unknown[];
  readonly error?: string;
}

/** A PostgreSQL in a process of its own: PGlite imports in a way that Jest's realm forbids. */
export class PgliteProcess implements PgClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => {
      this.#waiting.get(reply.number)?.(reply);
      this.#waiting.delete(reply.number);
    });
  }

  /** Starts the database, in memory. */
  static async start(): Promise<PgliteProcess> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: __dirname,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const database = new PgliteProcess(child);
    await new Promise((resolve) => database.#waiting.set(-1, resolve));
    return database;
  }

  async query(sql: string, parameters: unknown[] = []): Promise<{ rows: unknown[] }> {
    const number = (this.#asked += 1);
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(number, resolve));
    this.#child.send({ number, sql, parameters });
    const { rows, error } = await reply;
    if (error !== undefined) throw new Error(error);
    return { rows: rows ?? [] };
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
