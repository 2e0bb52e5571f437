/** Measures exact evaluation in both directions, 5,000 images × 25,000 texts of 512 numbers by default, and holds ranks
 * against a full sort.
 *
 *   node --conditions=@azclip/source --import ./tools/fixtures/typescript-loader.mjs tools/benchmark/metrics.ts [images] [dim]
 *
 * Target: 10 s and 1 GiB on two cores. */
import { createRandom } from '@azclip/base';
import { dotScores, retrievalRankings, type Ranking, type ScoreChunk } from '@azclip/metrics';

import { engineScores } from '../../apps/trainer/src/evaluation/engine-scores.ts';

const images = Number(process.argv[2] ?? 5000);
const dim = Number(process.argv[3] ?? 512);
const captions = 5;
const texts = images * captions;
const random = createRandom(1);

/** Unit rows; a text is its image plus noise, so that ranks are spread as those of a trained model. */
function unitRows(rows: number, centre?: Float32Array): Float32Array {
  const features = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row += 1) {
    const values = features.subarray(row * dim, (row + 1) * dim);
    const base = Math.floor(row / captions) * dim;
    for (let i = 0; i < dim; i += 1) values[i] = random.normal() + (centre ? 3 * centre[base + i] : 0);
    const length = Math.hypot(...values);
    for (let i = 0; i < dim; i += 1) values[i] /= length;
  }
  return features;
}

const imageFeatures = unitRows(images);
const textFeatures = unitRows(texts, imageFeatures);
const imageOfText = Int32Array.from({ length: texts }, (_, text) => Math.floor(text / captions));
const engine = engineScores();

let productMs = 0;
const timed: ScoreChunk = async (queries, gallery, width) => {
  const start = performance.now();
  const scores = await engine.scoreChunk(queries, gallery, width);
  productMs += performance.now() - start;
  return scores;
};

/** Rank by a full sort, ties against the model. */
function sortedRank(query: Float32Array, gallery: Float32Array, right: number): number {
  const scores = dotScores(query, gallery, dim);
  const order = Array.from(scores.keys()).sort(
    (a, b) => scores[b] - scores[a] || Number(a === right) - Number(b === right),
  );
  return order.indexOf(right) + 1;
}

function worstDifference(rankings: readonly Ranking[], sample: number): number {
  let worst = 0;
  for (let i = 0; i < sample; i += 1) {
    const text = Math.floor((i * texts) / sample);
    const query = textFeatures.subarray(text * dim, (text + 1) * dim);
    worst = Math.max(worst, Math.abs(sortedRank(query, imageFeatures, imageOfText[text]) - rankings[text].ranks[0]));
  }
  return worst;
}

console.log(`${images} images × ${texts} texts, ${dim} numbers a row`);
for (let run = 1; run <= 3; run += 1) {
  productMs = 0;
  const start = performance.now();
  const { textToImage } = await retrievalRankings({ imageFeatures, textFeatures, dim, imageOfText, scoreChunk: timed });
  const seconds = (performance.now() - start) / 1000;
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const product = productMs / 1000;
  const rate = (4 * images * texts * dim) / productMs / 1e6;
  console.log(
    `run ${run}: ${seconds.toFixed(1)} s, of which product ${product.toFixed(1)} s (${rate.toFixed(0)} GFLOP/s), ` +
      `ranking ${(seconds - product).toFixed(1)} s; peak memory ${peak} MiB`,
  );
  if (run === 1) console.log(`worst rank difference to a full sort, 50 texts: ${worstDifference(textToImage, 50)}`);
}
engine.dispose();
