import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createRandom } from '@azclip/base';
import type { Pair } from '@azclip/data';

import { fitRelevance, type FittedRelevance } from '../calibration/fit-relevance.ts';
import { nonsenseQueries } from '../calibration/nonsense.ts';
import { openModel } from '../model/open-model.ts';
import { writeModelConfig } from '../model/read-model-config.ts';
import { vocabularyPieces } from '../model/vocabulary-pieces.ts';
import { embedPairs, embedTexts, type EncodeTexts } from './embed-pairs.ts';

/** Pairs that are looked at: with more, the curve stays the same to the second digit. */
const PAIRS = 300;

const SEED = 1;

/** Learns from pairs that the model was not trained on when a query has found something, and writes that into the
 * `config.json` of the model folder (`relevance`). The fingerprint stays: features are what they were.
 * @returns the curve with its errors; undefined, and nothing is written, where there are fewer than 40 pairs, the
 * vocabulary has no words, or the model tells finds from chance wrongly more often than once in four. */
export async function calibrateModel(
  folder: string,
  pairs: readonly Pair[],
  encode: EncodeTexts,
): Promise<FittedRelevance | undefined> {
  const model = await openModel(folder);
  try {
    const withCaption = pairs.filter(({ captions }) => captions.length > 0).slice(0, PAIRS);
    const { pairs: read, images } = await embedPairs(model, withCaption);
    const captions = read.map((pair, i) => pair.captions[i % pair.captions.length] ?? '');
    const pieces = vocabularyPieces(JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')));
    const meaningless = nonsenseQueries(pieces, read.length, createRandom(SEED));
    const relevance = fitRelevance({
      images,
      captions: await embedTexts(model, captions, encode),
      nonsense: await embedTexts(model, meaningless, encode),
      dim: model.config.embedDim,
    });
    if (relevance !== undefined) await writeModelConfig(folder, { ...model.config, relevance });
    return relevance;
  } finally {
    await model.dispose();
  }
}
