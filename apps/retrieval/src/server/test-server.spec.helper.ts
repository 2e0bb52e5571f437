import { join } from 'node:path';

import { pino } from 'pino';
import sharp from 'sharp';

import { openEmbedder } from '../embedder.ts';
import { indexWithProgress } from '../index-progress.ts';
import { makeTestFolder, type TestFolder } from '../test-folder.spec.helper.ts';
import { createApp } from './create-app.ts';
import { SearchService } from './search-service.ts';
import { serveOptions, type ServeOptions } from './serve-options.ts';

/** An answer of the interface, with its status. */
export interface Answer {
  readonly status: number;
  readonly hits: readonly { readonly id: string; readonly file: string; readonly score: number }[];
  readonly total: number;
  readonly relevance: number | null;
  readonly suggestions: readonly string[];
  readonly error: string;
}

/** A server without a network, over the test folder. */
export class TestServer {
  test!: TestFolder;
  log = '';
  #service: SearchService | undefined;
  #app: ReturnType<typeof createApp> | undefined;

  /** Makes the folder and its index. */
  async prepare(): Promise<void> {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    this.log = '';
    this.test = await makeTestFolder();
    const embedder = await openEmbedder(this.test.model, { threads: 1 });
    await indexWithProgress(embedder, { images: this.test.photos, folder: join(this.test.folder, 'index') });
    await embedder.dispose();
  }

  /** Opens the service. */
  async start(settings: Partial<ServeOptions> = {}): Promise<void> {
    const index = join(this.test.folder, 'index');
    const options = serveOptions.parse({ model: this.test.model, index, ...settings });
    this.#service = await SearchService.open(options);
    const write = (line: string): void => {
      this.log += line;
    };
    this.#app = createApp(this.#service, options, pino({}, { write }));
  }

  /** Closes the service and removes the folder. */
  async stop(): Promise<void> {
    await this.#service?.close();
    this.#service = undefined;
    jest.restoreAllMocks();
    await this.test.remove();
  }

  /** Sends a request. */
  async request(path: string, init?: RequestInit): Promise<Response> {
    if (this.#app === undefined) throw new Error('expected a started server');
    return this.#app.request(path, init);
  }

  /** Sends a request and reads the answer. */
  async ask(path: string, init?: RequestInit): Promise<Answer> {
    const response = await this.request(path, init);
    return { ...((await response.json()) as Answer), status: response.status };
  }
}

/** An upload of an image. */
export function upload(bytes: Uint8Array, fields: Record<string, string> = {}): RequestInit {
  const body = new FormData();
  body.append('image', new File([Uint8Array.from(bytes)], 'photo.png', { type: 'image/png' }));
  for (const [key, value] of Object.entries(fields)) body.append(key, value);
  return { method: 'POST', body };
}

/** A photograph of one colour. */
export function plain(background: string, width = 30, height = 30): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}
