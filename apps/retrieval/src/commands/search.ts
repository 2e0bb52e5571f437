import { Command, InvalidArgumentError } from 'commander';

import { InputError } from '@azclip/base';
import { combineVectors, relevance, repairQuery, type Hit, type VectorStore } from '@azclip/retrieval';

import { openEmbedder, type Embedder } from '../embedder.ts';
import { hitTable } from '../hit-table.ts';
import { openIndexOf, type IndexPlace } from '../open-index.ts';
import { variantOption } from '../variant-option.ts';
import { vocabularyOf } from '../vocabulary-of.ts';

interface SearchCommandOptions extends IndexPlace {
  readonly like?: string;
  readonly k: number;
  readonly json?: true;
}

/** `retrieval search`: prints the images that fit a query best. */
export function searchCommand(): Command {
  return new Command('search')
    .description('Prints the images that fit a query best; indexes the folder first where that is needed.')
    .argument('[query...]', 'what to look for, in the language of the model')
    .requiredOption('--model <folder>', 'model folder, as trainer:fit writes it')
    .addOption(variantOption())
    .option('--images <folder>', 'folder, manifest (.jsonl) or archive (.tar) of images; indexed first if need be')
    .option('--index <folder>', 'folder of the index (default: where retrieval:index puts that of --images)')
    .option('--like <image>', 'an image to look like, besides the query or instead of it')
    .option('-k <number>', 'number of hits', positive, 10)
    .option('--json', 'print the hits as one JSON array')
    .action(search);
}

async function search(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const query = words.join(' ').trim();
  const { k, like, json } = options;
  if (query === '' && like === undefined) throw new InputError('query: expected words to look for, got none');
  const embedder = await openEmbedder(options.model, options);
  const [vector, { store }] = await Promise.all([queryVector(embedder, query, like), openIndexOf(embedder, options)]);
  const [hits = []] = await store.search(vector, { k });
  process.stdout.write(json ? `${JSON.stringify(hits.map(plain), null, 2)}\n` : hitTable(hits));
  if (!json && like === undefined) process.stdout.write(await doubtOf(embedder, store, hits));
  const readings = json ? [] : repairQuery(query, vocabularyOf(embedder, store.items()));
  if (readings.length > 0) process.stdout.write(`did you mean: ${readings.join(' · ')}\n`);
}

async function queryVector(embedder: Embedder, query: string, like: string | undefined): Promise<Float32Array> {
  if (like === undefined) return embedder.embed([query]);
  const { embedImage } = await import('../embed-image.ts'); // the image libraries load only where they are needed
  const image = await embedImage(embedder, { path: like });
  const text = query === '' ? [] : [[await embedder.embed([query]), 0.5] as const];
  return combineVectors([[image, 0.5], ...text]);
}

/** A line that says so where the best hit is likelier to be chance than a find. */
async function doubtOf({ config }: Embedder, store: VectorStore, [best]: readonly Hit[]): Promise<string> {
  if (best === undefined || config.relevance === undefined) return '';
  const isSure = relevance(best.score, await store.size(), config.relevance) >= 0.5;
  return isSure ? '' : 'no image seems to fit; these are only the closest\n';
}

const plain = ({ id, score, metadata }: Hit): object => ({ id, score, ...metadata });

/** A whole number above 0, from an option. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`expected a whole number above 0, got ${text}`);
}
