import { resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { InputError } from '@azclip/base';
import { defaultIndexFolder, differenceOf, openImageIndex, readIndexInfo, type Hit } from '@azclip/retrieval';

import { openEmbedder, type Embedder } from '../embedder.ts';
import { hitTable } from '../hit-table.ts';

interface SearchCommandOptions {
  readonly model: string;
  readonly images?: string;
  readonly index?: string;
  readonly k: number;
  readonly json?: true;
}

/** `retrieval search`: prints the images that fit a query best. */
export function searchCommand(): Command {
  return new Command('search')
    .description('Prints the images that fit a query best; indexes the folder first where that is needed.')
    .argument('<query...>', 'what to look for, in the language of the model')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .option('--images <folder>', 'folder of images; indexed first where no index stands or it is out of date')
    .option('--index <folder>', 'folder of the index (default: where retrieval:index puts that of --images)')
    .option('-k <number>', 'number of hits', positive, 10)
    .option('--json', 'print the hits as one JSON array')
    .action(search);
}

async function search(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const query = words.join(' ').trim();
  if (query === '') throw new InputError('query: expected words to look for, got none');
  const { model, images, k } = options;
  if (images === undefined && options.index === undefined) {
    throw new InputError('--images or --index: expected a folder of images or of an index, got neither');
  }
  const folder = options.index ?? defaultIndexFolder(model, images ?? '');
  const embedder = await openEmbedder(model);
  const [vector] = await Promise.all([embedder.embed([query]), images && bringUpToDate(embedder, images, folder)]);
  const { store } = await openImageIndex(folder, embedder.config);
  const [hits = []] = await store.search(vector, { k });
  process.stdout.write(options.json ? `${JSON.stringify(hits.map(plain), null, 2)}\n` : hitTable(hits));
}

async function bringUpToDate(embedder: Embedder, images: string, folder: string): Promise<void> {
  if (await isUpToDate(embedder, images, folder)) return;
  const { indexWithProgress } = await import('../index-progress.ts');
  await indexWithProgress(embedder, { images, folder });
}

async function isUpToDate({ config }: Embedder, images: string, folder: string): Promise<boolean> {
  const info = await readIndexInfo(folder);
  if (info?.fingerprint !== config.fingerprint || info.images !== resolve(images)) return false;
  const difference = await differenceOf(await openImageIndex(folder, config));
  return [difference.toEmbed, difference.toDescribe, difference.toDelete].every(({ length }) => length === 0);
}

const plain = ({ id, score, metadata }: Hit): object => ({ id, score, ...metadata });

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`expected a whole number above 0, got ${text}`);
}
