import { createHash, type BinaryLike } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of one repository, `org/model`, that speaks the hub's protocol on the loopback interface. */
export interface LoopbackHub {
  readonly url: string;
  /** Requests so far: `GET /org/model/resolve/… bytes=0-0`. */
  readonly log: string[];
  /** Bytes of large files after which the connection is cut, one number a download; then none is cut. */
  readonly cuts: number[];
  /** Replaces the content that is sent, not its checksum. */
  corrupt(file: string, content: Uint8Array): void;
  /** Whether ranges are honoured. */
  ranges: boolean;
  /** Status that every request gets instead of an answer. */
  refuse: number | undefined;
  close(): Promise<void>;
}

/** The commit that `main` is. */
export const commit = '0123456789abcdef0123456789abcdef01234567';

const digest = (kind: string, ...parts: BinaryLike[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest('hex');

/** Files above this size are stored by SHA-256 and redirected to a content server, as the hub does with LFS. */
const smallBytes = 1000;

/** Starts the server. */
export async function startHub(files: Readonly<Record<string, Uint8Array>>): Promise<LoopbackHub> {
  const contents = new Map(Object.entries(files));
  const server = createServer((request, response) => {
    void answer(hub, files, contents, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: LoopbackHub = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    log: [],
    cuts: [],
    corrupt: (file, content) => contents.set(file, content),
    ranges: true,
    refuse: undefined,
    close: () => closed(server),
  };
  return hub;
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

type Files = Readonly<Record<string, Uint8Array>>;

async function answer(
  hub: LoopbackHub,
  files: Files,
  contents: ReadonlyMap<string, Uint8Array>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '', hub.url).pathname;
  hub.log.push([request.method, path, request.headers.range].filter(Boolean).join(' '));
  if (hub.refuse !== undefined) return void response.writeHead(hub.refuse).end();
  const json = (value: unknown): void =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (/^\/api\/models\/org\/model\/revision\/(?:main|HEAD|0123.*)$/u.test(path)) {
    json({
      _id: 'x',
      id: 'org/model',
      sha: commit,
      siblings: Object.keys(files).map((rfilename) => ({ rfilename })),
    });
    return;
  }
  if (path === `/api/models/org/model/paths-info/${commit}`) {
    const { paths } = JSON.parse(await bodyOf(request)) as { paths: string[] };
    json(paths.flatMap((name) => (files[name] ? [pathInfo(name, files[name])] : [])));
    return;
  }
  const file = /^\/org\/model\/resolve\/[0-9a-f]{40}\/(.+)$/u.exec(path)?.[1];
  const stored = /^\/content\/(.+)$/u.exec(path)?.[1] ?? file;
  const content = contents.get(stored ?? '');
  if (stored === undefined || !content) return void response.writeHead(404).end();
  if (file !== undefined && content.length > smallBytes)
    return void response.writeHead(302, { location: `/content/${file}`, 'x-linked-size': content.length }).end();
  send(hub, content, request.headers.range, response);
}

function pathInfo(name: string, content: Uint8Array): object {
  const oid = digest('sha1', `blob ${String(content.length)}\0`, content);
  const lfs = { oid: digest('sha256', content), size: content.length, pointerSize: 134 };
  return { type: 'file', path: name, size: content.length, oid, ...(content.length > smallBytes ? { lfs } : {}) };
}

function send(hub: LoopbackHub, content: Uint8Array, range: string | undefined, response: ServerResponse): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  const isProbe = range === 'bytes=0-0';
  const partial = from !== undefined && (hub.ranges || isProbe);
  const begin = partial ? Number(from) : 0;
  const end = partial && to !== '' ? Number(to) + 1 : content.length;
  response.writeHead(partial ? 206 : 200, {
    etag: `"${digest('sha256', content)}"`,
    'content-length': end - begin,
    ...(partial ? { 'content-range': `bytes ${String(begin)}-${String(end - 1)}/${String(content.length)}` } : {}),
  });
  const cut = isProbe || content.length <= smallBytes ? undefined : hub.cuts.shift();
  if (cut === undefined || cut >= end - begin) return void response.end(content.subarray(begin, end));
  response.write(content.subarray(begin, begin + cut), () => setTimeout(() => response.destroy(), 20));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
