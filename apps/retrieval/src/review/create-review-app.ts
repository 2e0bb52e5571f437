import { readFile } from 'node:fs/promises';

import { readJsonLines } from '@azclip/base';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';

import { fullImage } from '../server/send-image.ts';
import { decision, type DecisionJournal } from './decision-journal.ts';
import type { ReviewItem } from './review-item.ts';

/** What the page shows and where decisions go. */
export interface ReviewAppOptions {
  readonly items: readonly ReviewItem[];
  readonly journal: DecisionJournal;
  readonly reviewer: string;
  /** Folder of the images. */
  readonly images: string;
  /** The image file of a caption, relative to the folder. */
  readonly imageOf: (captionId: string) => string;
  /** BCP 47 codes of the texts, for hyphenation, spelling and screen readers. */
  readonly languages: { readonly source: string; readonly target: string };
  readonly now?: () => Date;
}

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/review.js': ['review.js', 'text/javascript; charset=utf-8'],
  '/review.css': ['review.css', 'text/css; charset=utf-8'],
};

const folder = new URL('../../web/review/', import.meta.url);

const posted = decision.pick({ id: true, verdict: true, text: true });

/** The review page and its three routes: `/api/items`, `/api/decisions`, `/api/image?id=`. */
export function createReviewApp(options: ReviewAppOptions): Hono {
  const { items, journal, reviewer, languages, now = () => new Date() } = options;
  const known = new Map(items.map((item) => [item.id, item]));
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], frameAncestors: ["'none'"] } }));
  app.onError((error, context) =>
    context.json({ error: error.message }, error instanceof HTTPException ? error.status : 500),
  );
  for (const [path, [file, type]] of Object.entries(files)) {
    app.get(path, async (context) => {
      const bytes = Uint8Array.from(await readFile(new URL(file, folder)));
      return context.body(bytes, 200, { 'content-type': type, 'cache-control': 'no-cache' });
    });
  }
  app.get('/api/items', (context) => {
    const withDecision = items.map((item) => ({ ...item, decision: journal.get(item.id) ?? null }));
    return context.json({ reviewer, languages, items: withDecision });
  });
  app.get('/api/image', async (context) => {
    const id = context.req.query('id') ?? '';
    if (!known.has(id)) throw new HTTPException(404, { message: `${id}: expected a caption of this review` });
    const { bytes, type } = await fullImage(options.images, { file: options.imageOf(id) });
    return context.body(bytes, 200, { 'content-type': type, 'cache-control': 'private, max-age=3600' });
  });
  app.post('/api/decisions', bodyLimit({ maxSize: 65_536 }), async (context) => {
    const made = parsePosted(await readBody(context.req.raw));
    const item = known.get(made.id);
    if (item === undefined) throw new HTTPException(404, { message: `${made.id}: expected a caption of this review` });
    const text = made.verdict === 'edit' ? made.text.trim() : item.translation;
    if (text === '' && made.verdict !== 'reject')
      throw new HTTPException(400, { message: 'text: expected some, got none' });
    await journal.add({ id: made.id, verdict: made.verdict, text, reviewer, at: now().toISOString() });
    return context.json({ decided: journal.size });
  });
  return app;
}

/** Only JSON is read: a page of another origin can post it only with a permission that this server never gives. */
async function readBody(request: Request): Promise<unknown> {
  if (request.headers.get('content-type')?.startsWith('application/json') !== true) {
    throw new HTTPException(415, { message: 'content-type: expected application/json' });
  }
  return request.json().catch(() => undefined);
}

function parsePosted(body: unknown): z.output<typeof posted> {
  const parsed = posted.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HTTPException(400, { message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a decision'}` });
}

const manifestRecord = z.object({ id: z.string(), image: z.string() });

/** How a caption names its image: `x.jpg#0` is a caption of `x.jpg`, unless a manifest says where `x.jpg` lies. */
export async function imageNames(manifest?: string): Promise<(captionId: string) => string> {
  const images = new Map<string, string>();
  if (manifest !== undefined) {
    for await (const { id, image } of readJsonLines(manifest, manifestRecord)) images.set(id, image);
  }
  return (captionId) => {
    const id = captionId.replace(/#\d+$/u, '');
    return images.get(id) ?? id;
  };
}
