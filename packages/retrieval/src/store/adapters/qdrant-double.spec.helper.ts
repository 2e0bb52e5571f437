import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Point {
  readonly id: string;
  readonly vector: number[];
  readonly payload: { readonly facets?: string[] };
}

interface Body {
  readonly points?: (Point | string)[];
  readonly ids?: string[];
  readonly query?: number[];
  readonly limit?: number;
  readonly offset?: number | string;
  readonly filter?: { readonly must: { readonly match: { readonly any: string[] } }[] };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

/** Answers of a Qdrant to the requests that the store makes, as https://api.qdrant.tech describes them: what it shows is
 * that the official client is used rightly, not how an engine behaves. */
class Collections {
  readonly #points = new Map<string, Map<string, Point>>();

  answer(method: string, path: string, body: Body): unknown {
    const [, , name = '', ...rest] = path.split('/');
    const action = `${method} ${rest.join('/')}`;
    if (action === 'GET exists') return { exists: this.#points.has(name) };
    if (action === 'PUT ') {
      this.#points.set(name, new Map());
      return true;
    }
    const points = this.#points.get(name) ?? new Map<string, Point>();
    const all = [...points.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    switch (action) {
      case 'PUT points':
        for (const point of body.points ?? []) if (typeof point !== 'string') points.set(point.id, point);
        return { status: 'completed' };
      case 'POST points/delete':
        for (const id of body.points ?? []) if (typeof id === 'string') points.delete(id);
        return { status: 'completed' };
      case 'POST points':
        return (body.ids ?? []).flatMap((id) => points.get(id) ?? []);
      case 'POST points/count':
        return { count: points.size };
      case 'POST points/scroll': {
        const start = all.findIndex(({ id }) => id === (body.offset ?? all[0]?.id));
        const page = all.slice(Math.max(0, start), start + 2); // pages of two, so that paging is seen
        return { points: page, next_page_offset: all[start + 2]?.id ?? null };
      }
      case 'POST points/query': {
        const must = body.filter?.must ?? [];
        const fitting = all.filter(({ payload }) =>
          must.every(({ match }) => match.any.some((value) => payload.facets?.includes(value))),
        );
        const ranked = fitting.map((point) => ({ ...point, score: dot(point.vector, body.query ?? []) }));
        const start = Number(body.offset ?? 0);
        return { points: ranked.sort((a, b) => b.score - a.score).slice(start, start + (body.limit ?? 10)) };
      }
      default:
        throw new Error(`unexpected request: ${action}`);
    }
  }
}

/** Starts the double on a free port. */
export async function startQdrantDouble(): Promise<{ readonly url: string; readonly server: Server }> {
  const collections = new Collections();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://x');
      const body = (text === '' ? {} : JSON.parse(text)) as Body;
      const result = collections.answer(request.method ?? '', pathname, body);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ result, status: 'ok', time: 0 }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}
