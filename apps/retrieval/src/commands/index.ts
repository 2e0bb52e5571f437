import { Command } from 'commander';
import { consola } from 'consola';

import { InputError, parseShard, type Shard } from '@azclip/base';
import { defaultIndexFolder, readModelConfig, type ModelVariant } from '@azclip/retrieval';
import { mergeIndexShards } from '@azclip/retrieval/indexing';

import { openEmbedder } from '../embedder.ts';
import { indexWithProgress } from '../index-progress.ts';
import { variantOption } from '../variant-option.ts';

interface IndexOptions {
  readonly model: string;
  readonly variant?: ModelVariant;
  readonly images: string;
  readonly out?: string;
  readonly shard?: string;
  readonly merge?: true;
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
    .option('--shard <i/n>', 'embed the i-th of n shares of the images, as one job of an array')
    .option('--merge', 'embed nothing: join what all jobs of the array have embedded')
    .action(index);
}

async function index({ model, variant, images, out, shard, merge }: IndexOptions): Promise<void> {
  const folder = out ?? defaultIndexFolder(model, images);
  if (merge && shard !== undefined) throw new InputError('--merge: expected without --shard, got both');
  if (merge) await join(model, images, folder);
  else await embed({ model, ...(variant ? { variant } : {}), images }, folder, shard ? parseShard(shard) : undefined);
}

async function join(model: string, images: string, folder: string): Promise<void> {
  const { shards, size } = await mergeIndexShards(folder, images, await readModelConfig(model));
  consola.success(`${String(shards)} parts joined; the index holds ${String(size)}: ${folder}`);
}

async function embed({ model, variant, images }: IndexOptions, folder: string, shard?: Shard): Promise<void> {
  const embedder = await openEmbedder(model, variant ? { variant } : {});
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const { embedded, rejected, size } = await indexWithProgress(embedder, {
    images,
    folder,
    shard,
    signal: stop.signal,
  });
  const skipped = rejected > 0 ? `, ${String(rejected)} could not be decoded` : '';
  const held = `${shard ? `part ${String(shard.index)} of ${String(shard.count)}` : 'the index'} holds ${String(size)}`;
  consola.success(`${String(embedded)} images embedded${skipped}; ${held}: ${folder}`);
  if (stop.signal.aborted) process.exitCode = 130;
}
