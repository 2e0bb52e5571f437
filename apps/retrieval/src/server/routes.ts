import { join } from 'node:path';

import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';

import { httpError } from './http-error.ts';
import * as schema from './schemas.ts';
import { fullImage, thumbnail } from './send-image.ts';
import type { SearchService } from './search-service.ts';
import type { ServeOptions } from './serve-options.ts';

/** What the routes need. */
export interface RouteContext {
  readonly service: SearchService;
  readonly options: ServeOptions;
  /** Hears of what goes wrong behind an answer. */
  readonly onError: (error: unknown) => void;
}

const answer = <T extends z.ZodType>(
  of: T,
  description: string,
): Record<200 | 400, object> & {
  200: { content: { 'application/json': { schema: T } }; description: string };
} => ({
  200: { content: { 'application/json': { schema: of } }, description },
  400: { content: { 'application/json': { schema: schema.errorAnswer } }, description: 'What is wrong, in a sentence' },
});

/** Adds `/api/search` (words or an upload) and `/api/similar`. */
export function addSearchRoutes(app: OpenAPIHono, { service, options }: RouteContext): void {
  const search = createRoute({
    ...{ method: 'get', path: '/api/search', summary: 'Images that fit words' },
    request: { query: schema.searchQuery },
    responses: answer(schema.searchAnswer, 'The best images'),
  });
  app.openapi(search, async (context) => {
    const { q, session, ...page } = context.req.valid('query');
    return context.json(await service.search(q, page, session), 200);
  });
  const upload = createRoute({
    ...{ method: 'post', path: '/api/search', summary: 'Images that look like an uploaded one and fit words' },
    middleware: bodyLimit({
      maxSize: options.maxBody,
      onError: () => {
        throw httpError(413, `body: expected at most ${(options.maxBody / 2 ** 20).toFixed(0)} MiB, got more`);
      },
    }),
    request: { body: { content: { 'multipart/form-data': { schema: schema.searchUpload } }, required: true } },
    responses: answer(schema.searchAnswer, 'The best images'),
  });
  app.openapi(upload, async (context) => {
    const { image, q, ...page } = context.req.valid('form');
    const bytes = new Uint8Array(await image.arrayBuffer());
    return context.json(await service.searchByImage(bytes, q, page), 200);
  });
  const similar = createRoute({
    ...{ method: 'get', path: '/api/similar', summary: 'Images that look like one of the index' },
    request: { query: schema.similarQuery },
    responses: answer(schema.searchAnswer, 'The most similar images, the image itself first'),
  });
  app.openapi(similar, async (context) => {
    const { id, ...page } = context.req.valid('query');
    return context.json(await service.similar(id, page), 200);
  });
}

/** Adds `/api/images/{id}`. */
export function addImageRoute(app: OpenAPIHono, { service, options }: RouteContext): void {
  const image = createRoute({
    ...{ method: 'get', path: '/api/images/{id}', summary: 'An image of the index, or its thumbnail' },
    request: { params: schema.imageParams, query: schema.imageQuery },
    responses: { 200: { content: { 'image/*': { schema: {} } }, description: 'The image' } },
  });
  app.openapi(image, async (context) => {
    const { id } = context.req.valid('param');
    const metadata = await service.metadata(id);
    if (metadata === undefined) throw httpError(404, `id: expected an image of the index, got ${id}`);
    const cache = { folder: join(options.index, 'thumbnails'), key: `${id}-${String(metadata['modified'] ?? 0)}` };
    const isThumb = context.req.valid('query').size === 'thumb';
    const { bytes, type } = isThumb
      ? await thumbnail(service.images, metadata, cache)
      : await fullImage(service.images, metadata);
    return context.body(bytes, 200, { 'content-type': type, 'cache-control': 'private, max-age=3600' });
  });
}

/** Adds `/api/feedback` and `/api/index`. */
export function addKeepingRoutes(app: OpenAPIHono, { service, options, onError }: RouteContext): void {
  const feedback = createRoute({
    ...{ method: 'post', path: '/api/feedback', summary: 'Judges an image for a query' },
    middleware: bodyLimit({ maxSize: 2 ** 16 }),
    request: { body: { content: { 'application/json': { schema: schema.feedbackBody } }, required: true } },
    responses: { 204: { description: 'Written down' } },
  });
  app.openapi(feedback, async (context) => {
    const { session, q, id, value } = context.req.valid('json');
    await service.judge({ time: Date.now(), session, query: q, id, value });
    return context.body(null, 204);
  });
  const describe = createRoute({
    ...{ method: 'get', path: '/api/index', summary: 'What is searched' },
    responses: answer(schema.indexAnswer, 'The index and its model'),
  });
  app.openapi(describe, async (context) => context.json(await service.describe(), 200));
  const update = createRoute({
    ...{ method: 'post', path: '/api/index', summary: 'Takes up new, changed and deleted images; needs a token' },
    responses: { 202: { description: 'Under way; GET /api/index says when it has ended' } },
  });
  app.openapi(update, (context) => {
    if (options.token === undefined) throw httpError(403, 'indexing over the network needs a server with a token');
    service.startIndexing(onError);
    return context.body(null, 202);
  });
}
