import { Command } from 'commander';
import { consola } from 'consola';

import { defaultIndexFolder, type ModelVariant } from '@azclip/retrieval';

import { openEmbedder } from '../embedder.ts';
import { indexWithProgress } from '../index-progress.ts';
import { variantOption } from '../variant-option.ts';

interface IndexOptions {
  readonly model: string;
  readonly variant?: ModelVariant;
  readonly images: string;
  readonly out?: string;
}

/** `retrieval index`: embeds a folder of images and writes the vectors as an index. */
export function indexCommand(): Command {
  return new Command('index')
    .description('Embeds a folder of images; run again, it takes up what is new, changed or gone.')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .requiredOption(
      '--images <folder>',
      'folder of images (with the folders and tars in it), manifest (.jsonl) or WebDataset archive (.tar)',
    )
    .option('--out <folder>', 'folder of the index (default: in the model folder)')
    .action(index);
}

async function index({ model, variant, images, out }: IndexOptions): Promise<void> {
  const folder = out ?? defaultIndexFolder(model, images);
  const embedder = await openEmbedder(model, variant ? { variant } : {});
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const { embedded, rejected, size } = await indexWithProgress(embedder, { images, folder, signal: stop.signal });
  const skipped = rejected > 0 ? `, ${String(rejected)} could not be decoded` : '';
  consola.success(`${String(embedded)} images embedded${skipped}; the index holds ${String(size)}: ${folder}`);
  if (stop.signal.aborted) process.exitCode = 130;
}
