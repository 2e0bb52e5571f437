import { Command, InvalidArgumentError } from 'commander';

import { InputError } from '@azclip/base';
import {
  combineVectors,
  relevance,
  repairQuery,
  type Hit,
  type Metadata,
  type MetadataFilter,
  type VectorStore,
} from '@azclip/retrieval';

import { openEmbedder, type Embedder } from '../embedder.ts';
import { hitTable } from '../hit-table.ts';
import { LONGEST_QUERY } from '../longest-query.ts';
import { openIndexOf, type IndexPlace } from '../open-index.ts';
import { variantOption } from '../variant-option.ts';
import { vocabularyOf } from '../vocabulary-of.ts';

interface SearchCommandOptions extends IndexPlace {
  readonly like?: string;
  readonly where?: MetadataFilter;
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
    .option('--where <fact>', 'only images with key=value, as captions.jsonl says; may be repeated', addFact)
    .option('-k <number>', 'number of hits', positive, 10)
    .option('--json', 'print the hits as one JSON array')
    .action(search);
}

async function search(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const query = words.join(' ').trim();
  const { k, like, json, where } = options;
  if (query === '' && like === undefined) throw new InputError('query: expected words to look for, got none');
  if (query.length > LONGEST_QUERY) {
    throw new InputError(`query: expected at most ${String(LONGEST_QUERY)} characters, got ${String(query.length)}`);
  }
  const embedder = await openEmbedder(options.model, options);
  const [vector, { store }] = await Promise.all([queryVector(embedder, query, like), openIndexOf(embedder, options)]);
  const [hits = []] = await store.search(vector, { k, ...(where && { filter: where }) });
  process.stdout.write(json ? `${JSON.stringify(hits.map(plain), null, 2)}\n` : hitTable(hits, where !== undefined));
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

/** Adds `key=value` to a filter: repeated, a key takes any of its values. Values stand for text and for what they spell. */
function addFact(text: string, filter: MetadataFilter = {}): MetadataFilter {
  const [, key = '', value = ''] = /^([^=]+)=(.*)$/u.exec(text) ?? [];
  if (key === '') throw new InvalidArgumentError(`expected key=value, got ${text}`);
  const spelt = ['true', 'false'].includes(value) ? value === 'true' : Number(value);
  const also = typeof spelt === 'boolean' || (value.trim() !== '' && Number.isFinite(spelt)) ? [spelt] : [];
  const known = (filter[key] ?? []) as readonly Metadata[string][];
  return { ...filter, [key]: [...known, value, ...also] };
}

/** A whole number above 0, from an option. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`expected a whole number above 0, got ${text}`);
}
