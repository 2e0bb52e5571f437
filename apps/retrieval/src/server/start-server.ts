import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { InputError } from '@azclip/base';
import { serve } from '@hono/node-server';
import type { Logger } from 'pino';

import { createApp } from './create-app.ts';
import { SearchService } from './search-service.ts';
import type { ServeOptions } from './serve-options.ts';

/** A server at work. */
export interface RunningServer {
  /** Address of the page. */
  readonly url: string;
  /** Takes no more requests, answers those it has, and frees everything. */
  stop(): Promise<void>;
}

/** Longest address line and headers, bytes: a query that is too long is told so instead of being cut off. */
const MAX_HEADER = 2 ** 20;

/** Opens model and index and listens.
 * @throws {InputError} if they cannot be opened or the port is taken. */
export async function startServer(options: ServeOptions, log: Logger): Promise<RunningServer> {
  const service = await SearchService.open(options);
  const { fetch } = createApp(service, options, log);
  const { host, port } = options;
  const server = await new Promise<Server>((resolve, reject) => {
    const serverOptions = { maxHeaderSize: MAX_HEADER, requestTimeout: 30_000 };
    const listening = serve({ fetch, hostname: host, port, serverOptions }, () => {
      resolve(listening as Server);
    });
    listening.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new InputError(`--host, --port: expected a free address, got ${host}:${String(port)}: ${error.code ?? ''}`),
      );
    });
  }).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(taken)}/`,
    stop: () => stop(server, service),
  };
}

async function stop(server: Server, service: SearchService): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    const patience = setTimeout(() => {
      server.closeAllConnections();
    }, 10_000);
    patience.unref();
  });
  await service.close();
}
