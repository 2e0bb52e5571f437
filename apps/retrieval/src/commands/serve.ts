import { Command } from 'commander';
import { consola } from 'consola';
import { pino } from 'pino';

import { InputError } from '@azclip/base';

import { openEmbedder } from '../embedder.ts';
import { indexFolder, type IndexPlace } from '../open-index.ts';
import { indexWithProgress } from '../index-progress.ts';
import { serveOptions } from '../server/serve-options.ts';
import { startServer } from '../server/start-server.ts';
import { variantOption } from '../variant-option.ts';

interface ServeCommandOptions extends IndexPlace {
  readonly host?: string;
  readonly port?: string;
  readonly token?: string;
  readonly cors?: string[];
  readonly logQueries?: true;
}

/** `retrieval serve`: the page and the HTTP interface over an index. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serves the search page and the HTTP interface (/openapi.json) over an index.')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .option(
      '--images <folder>',
      'folder, manifest (.jsonl) or archive (.tar) of images; indexed first where that is needed',
    )
    .option('--index <folder>', 'folder of the index (default: where retrieval:index puts that of --images)')
    .option('--host <address>', 'address to listen at (default: 127.0.0.1, this machine only)')
    .option('--port <number>', 'port (default: 8080)')
    .option('--token <text>', 'token that every call must carry (default: the variable AZCLIP_TOKEN)')
    .option('--cors <origin...>', 'origins whose pages may call the interface')
    .option('--log-queries', 'write what people look for into the log')
    .action(serve);
}

async function serve(given: ServeCommandOptions): Promise<void> {
  const { images, token = process.env['AZCLIP_TOKEN'], port, ...rest } = given;
  const folder = indexFolder(given);
  const parsed = serveOptions.safeParse({
    ...{ ...rest, index: folder },
    ...(port !== undefined && { port: Number(port) }),
    ...(token !== undefined && { token }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(`--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  if (images !== undefined) await indexFirst(given, images, folder);
  const server = await startServer(parsed.data, pino());
  consola.success(`search at ${server.url} — stop with Ctrl-C`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  await server.stop();
}

async function indexFirst({ model, variant }: IndexPlace, images: string, folder: string): Promise<void> {
  const embedder = await openEmbedder(model, variant ? { variant } : {});
  await indexWithProgress(embedder, { images, folder });
  await embedder.dispose();
}
