import { join } from 'node:path';

import { InputError, readLines } from '@azclip/base';
import { type Judgement, kendallTau, readCrowdFlowerAnnotations, readExpertAnnotations } from '@azclip/metrics';

import type { JudgementsConfig } from './config.ts';
import { type Embedder, imagesAsPairs } from './embedder.ts';

/** How well cosines agree with the grades of people. */
export interface Agreement {
  /** `expert` or `crowd`. */
  readonly judges: string;
  /** Kendall's τ-b, for the crowd's shares. */
  readonly tauB: number;
  /** Kendall's τ-c, for the experts' four grades. */
  readonly tauC: number;
  /** Grades compared; one an expert. */
  readonly grades: number;
  /** Grades left out because the caption is not in the file of captions. */
  readonly withoutCaption: number;
}

/** Compares cosines of image–caption pairs with the grades that people gave them.
 * @throws {InputError} naming what is missing. */
export async function judgementAgreement(embedder: Embedder, config: JudgementsConfig): Promise<Agreement[]> {
  const captions = await readCaptions(config.captions);
  const results: Agreement[] = [];
  if (config.expert !== undefined) {
    const judgements = await readExpertAnnotations(config.expert);
    results.push(await agreement(embedder, config, captions, judgements, 'expert'));
  }
  if (config.crowdFlower !== undefined) {
    const judgements = await readCrowdFlowerAnnotations(config.crowdFlower);
    results.push(await agreement(embedder, config, captions, judgements, 'crowd'));
  }
  return results;
}

async function agreement(
  embedder: Embedder,
  config: JudgementsConfig,
  captions: ReadonlyMap<string, string>,
  judgements: readonly Judgement[],
  judges: string,
): Promise<Agreement> {
  const judged = judgements.filter(({ captionId }) => captions.has(captionId));
  if (judged.length < 2) {
    const counts = `${String(judged.length)} of ${String(judgements.length)}`;
    throw new InputError(`${config.captions}: expected the captions that the ${judges} judged, got ${counts}`);
  }
  const imageIds = [...new Set(judged.map(({ imageId }) => imageId))];
  const captionIds = [...new Set(judged.map(({ captionId }) => captionId))];
  const sources = imagesAsPairs(imageIds.map((id) => ({ path: join(config.images, id) })));
  const { images } = await embedder.embedImages(sources, 'fail');
  const texts = await embedder.embedTexts(captionIds.map((id) => captions.get(id) ?? ''));
  const imageRow = new Map(imageIds.map((id, row) => [id, row]));
  const captionRow = new Map(captionIds.map((id, row) => [id, row]));
  const cosines = judged.map(({ imageId, captionId }) =>
    cosine(images, imageRow.get(imageId) ?? 0, texts, captionRow.get(captionId) ?? 0, embedder.dim),
  );
  const grades = judged.map(({ grade }) => grade);
  const withoutCaption = judgements.length - judged.length;
  return { judges, ...kendallTau(cosines, grades), grades: judged.length, withoutCaption };
}

function cosine(a: Float32Array, rowA: number, b: Float32Array, rowB: number, dim: number): number {
  let sum = 0;
  for (let i = 0; i < dim; i += 1) sum += (a[rowA * dim + i] ?? NaN) * (b[rowB * dim + i] ?? NaN);
  return sum;
}

async function readCaptions(path: string): Promise<Map<string, string>> {
  const captions = new Map<string, string>();
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const [id = '', caption = ''] = text.split('\t');
    if (!id.includes('#') || caption.trim() === '') {
      throw new InputError(`${path}:${String(number)}: expected name#number<tab>caption, got ${JSON.stringify(text)}`);
    }
    captions.set(id, caption);
  }
  return captions;
}
