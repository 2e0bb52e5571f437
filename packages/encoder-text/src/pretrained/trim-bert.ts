import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { InputError, writeFileAtomic } from '@azclip/base';
import {
  readSafetensors,
  readSafetensorsHeader,
  resolveWeights,
  writeSafetensors,
  type HubOptions,
  type NamedTensor,
  type TensorToWrite,
} from '@azclip/weights';

import type { TrimmedVocabulary } from '../tokenizer/trim-vocabulary.ts';
import { keepRows } from './keep-rows.ts';
import type { TrimmingReport } from './trimming-report.ts';

/** Tensors with a row for each piece: the embedding table and, of a masked language model, the last map and its bias. */
const perPiece = /(?:word_embeddings\.weight|cls\.predictions\.(?:bias|decoder\.weight|decoder\.bias))$/u;

/** One stored tensor, and the file it stands in. */
interface Part {
  readonly file: string;
  readonly name: string;
  readonly shape: readonly number[];
}

/** Writes a BERT that knows the kept pieces alone: `model.safetensors` under the names it was stored by, `tokenizer.json`,
 * and `config.json` where there was one. Texts of kept pieces have the features they had.
 * @param weights - a safetensors file, a folder that holds one, or a hub id.
 * @param output - folder; written file by file, each whole or not at all.
 * @throws {InputError} if the weights have another vocabulary than the tokenizer had. */
export async function trimBert(
  weights: string,
  output: string,
  { tokenizer, keptIds, fullSize }: TrimmedVocabulary,
  hub: HubOptions,
): Promise<TrimmingReport> {
  const { folder, files } = await resolveWeights(weights, hub);
  const parts = (await Promise.all(files.map(partsOf))).flat();
  const own = parts.filter(({ name }) => perPiece.test(name));
  const other = own.find(({ shape }) => shape[0] !== fullSize);
  if (own.length === 0) throw new InputError(`${weights}: expected a BERT with word_embeddings.weight, got none`);
  if (other) {
    const rows = String(other.shape[0]);
    throw new InputError(
      `${weights}: expected ${other.name} of ${String(fullSize)} pieces as the tokenizer has, got ${rows}`,
    );
  }
  const tensors = parts.map((part) => trimmedTensor(part, keptIds));
  await writeSafetensors(join(output, 'model.safetensors'), tensors, { format: 'pt' });
  await writeFileAtomic(join(output, 'tokenizer.json'), JSON.stringify(tokenizer.toJson()));
  await copyConfig(folder, output, tokenizer.vocabSize);
  const after = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const before = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { pieces: { before: fullSize, after: keptIds.length }, parameters: { before, after }, saved: before - after };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

async function partsOf(file: string): Promise<Part[]> {
  const { tensors } = await readSafetensorsHeader(file);
  return tensors.map(({ name, shape }) => ({ file, name, shape }));
}

/** The tensor as it is to be written; it is read when its turn comes, so that only one stands in memory. */
function trimmedTensor(part: Part, keptIds: Int32Array): TensorToWrite {
  const { name, shape } = part;
  const dtype = 'float32';
  if (!perPiece.test(name)) return { name, dtype, shape, data: async () => floats(await readTensor(part)) };
  const kept = [keptIds.length, ...shape.slice(1)];
  return { name, dtype, shape: kept, data: async () => floats(keepRows(await readTensor(part), keptIds)) };
}

const floats = ({ data }: NamedTensor): Float32Array => (data instanceof Float32Array ? data : Float32Array.from(data));

async function readTensor({ file, name }: Part): Promise<NamedTensor> {
  for await (const tensor of readSafetensors(file, (stored) => stored.name === name)) return tensor;
  throw new InputError(`${file}: expected ${name}, got none`);
}

async function copyConfig(from: string, output: string, vocabSize: number): Promise<void> {
  const text = await readFile(join(from, 'config.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const config = { ...(JSON.parse(text) as object), vocab_size: vocabSize };
  await writeFileAtomic(join(output, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
