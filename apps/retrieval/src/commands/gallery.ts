import { Command } from 'commander';
import { consola } from 'consola';

import { InputError, readLines, writeFileAtomic } from '@azclip/base';

import { openEmbedder } from '../embedder.ts';
import { drawGallery, type GalleryRow } from '../gallery-image.ts';
import { openIndexOf, type IndexPlace } from '../open-index.ts';
import { variantOption } from '../variant-option.ts';
import { positive } from './search.ts';

interface GalleryOptions extends IndexPlace {
  readonly queries: string;
  readonly out: string;
  readonly k: number;
}

/** `retrieval gallery`: draws the best hits of a list of queries as one PNG. */
export function galleryCommand(): Command {
  return new Command('gallery')
    .description('Draws the best images of each query of a list as one PNG.')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .option(
      '--images <folder>',
      'folder, manifest (.jsonl) or archive (.tar) of images; indexed first where that is needed',
    )
    .option('--index <folder>', 'folder of the index (default: where retrieval:index puts that of --images)')
    .requiredOption('--queries <file>', 'text file, a query a line')
    .requiredOption('--out <file>', 'PNG to write')
    .option('-k <number>', 'hits a query', positive, 5)
    .action(gallery);
}

async function gallery({ queries, out, k, ...place }: GalleryOptions): Promise<void> {
  const texts: string[] = [];
  for await (const { text } of readLines(queries)) if (text.trim() !== '') texts.push(text.trim());
  if (texts.length === 0) throw new InputError(`${queries}: expected a query a line, got an empty file`);
  const embedder = await openEmbedder(place.model, place);
  const { info, store } = await openIndexOf(embedder, place);
  const rankings = await store.search(await embedder.embed(texts), { k });
  const rows: GalleryRow[] = texts.map((query, i) => ({
    query,
    hits: rankings[i] ?? [],
  }));
  await writeFileAtomic(out, await drawGallery(rows, info.images));
  consola.success(`${String(texts.length)} queries drawn: ${out}`);
}
