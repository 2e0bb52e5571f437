import { OpenAPIHono } from '@hono/zod-openapi';
import { InputError } from '@azclip/base';
import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { timeout } from 'hono/timeout';
import type { Logger } from 'pino';

import { httpError } from './http-error.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { createMetrics } from './metrics.ts';
import { addPage } from './page-routes.ts';
import { requireToken, startSession } from './require-token.ts';
import { addImageRoute, addKeepingRoutes, addSearchRoutes } from './routes.ts';
import type { SearchService } from './search-service.ts';
import type { ServeOptions } from './serve-options.ts';

/** Builds the server's routes around a service. */
export function createApp(service: SearchService, options: ServeOptions, log: Logger): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook(result) {
      if (result.success) return;
      const [issue] = result.error.issues;
      throw httpError(400, `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'invalid'}`);
    },
  });
  const metrics = createMetrics();
  app.use(logRequests(log, options.logQueries), metrics.observe, secureHeaders({ xFrameOptions: 'DENY' }));
  app.onError((error, context) => sayWhatIsWrong(error, context, log));
  app.notFound((context) =>
    context.json({ error: `${context.req.path}: expected a route of the server, got none` }, 404),
  );
  const { token, running, waiting, timeoutMs } = options;
  if (options.cors.length > 0) app.use('/api/*', cors({ origin: options.cors }));
  for (const path of ['/api/*', '/metrics']) if (token !== undefined) app.use(path, requireToken(token));
  if (token !== undefined) app.post('/api/session', startSession(token));
  app.use('/api/*', limitConcurrency(running, waiting), timeout(timeoutMs, httpError(503, 'the answer took too long')));
  app.use('/api/*', refreshed(service, log));
  const context = {
    service,
    options,
    onError: (error: unknown) => {
      log.error({ error }, 'indexing failed');
    },
  };
  addSearchRoutes(app, context);
  addImageRoute(app, context);
  addKeepingRoutes(app, context);
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/metrics', async (c) => {
    metrics.setImages((await service.describe()).total);
    return c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType });
  });
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'azclip retrieval', version: '1' } });
  addPage(app);
  return app;
}

/** One line a request: what was asked for and how it went, never by whom; the address without the query, which says
 * what people look for, unless that is wanted. */
function logRequests(log: Logger, withQueries: boolean): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now();
    await next();
    const ms = Math.round(performance.now() - start);
    const query = withQueries ? { query: context.req.query('q') } : {};
    log.info({ method: context.req.method, route: routePath(context, -1), status: context.res.status, ms, ...query });
  };
}

function sayWhatIsWrong(error: Error, context: Context, log: Logger): Response {
  if (error instanceof HTTPException) {
    const retry = error.status === 503 ? { 'retry-after': '1' } : {};
    return context.json({ error: error.message }, error.status, retry);
  }
  if (error instanceof InputError) return context.json({ error: error.message }, 400);
  log.error({ error: { name: error.name, message: error.message, stack: error.stack } }, 'request failed');
  return context.json({ error: 'something went wrong in the server; its log says what' }, 500);
}

/** How often to look whether the index has changed on the disk, milliseconds. */
const LOOK_EVERY = 2000;

function refreshed(service: SearchService, log: Logger): MiddlewareHandler {
  let looked = performance.now();
  return async (_, next) => {
    if (performance.now() - looked > LOOK_EVERY) {
      looked = performance.now();
      await service.refresh().catch((error: unknown) => {
        log.warn({ reason: String(error) }, 'index not read again');
      });
    }
    await next();
  };
}
