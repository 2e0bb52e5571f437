import { createRandom } from '@azclip/base';

import { CutoffError, EmptyGalleryError, LengthError, ScoreError, UnknownIdError } from './errors.ts';
import { retrievalRankings, retrievalScores } from './retrieval-scores.ts';
import { dotScores } from './score-rows.ts';

// Two images, three texts, dim 2; scores are
//            image 0  image 1
// text 0 (0)   1        0      right: rank 1
// text 1 (0)  .6       .8      wrong: rank 2
// text 2 (1)  .8       .6      wrong: rank 2
const features = {
  imageFeatures: Float32Array.from([1, 0, 0, 1]),
  textFeatures: Float32Array.from([1, 0, 0.6, 0.8, 0.8, 0.6]),
  dim: 2,
  imageOfText: Int32Array.from([0, 0, 1]),
};

it('scores text → image', async () => {
  const { textToImage } = await retrievalScores(features, [1, 2]);
  expect(textToImage).toMatchObject({ queries: 3, withoutPositives: 0, gallery: 2, medianRank: 2 });
  expect(textToImage.recallAt).toEqual({ 1: 1 / 3, 2: 1 });
  expect(textToImage.mrr).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3);
  expect(textToImage.meanRank).toBeCloseTo((1 + 2 + 2) / 3);
});

it('scores image → text with every caption of the image as a positive', async () => {
  const { imageToText } = await retrievalScores(features, [1]);
  // image 0: texts 0 (1), 2 (.8), 1 (.6) → positives at 1 and 3, AP = (1/1 + 2/3) / 2 = 5/6
  // image 1: texts 1 (.8), 2 (.6), 0 (0) → positive at 2, AP = 1/2
  expect(imageToText).toMatchObject({ queries: 2, gallery: 3, recallAt: { 1: 0.5 }, mrr: 0.75, medianRank: 1.5 });
  expect(imageToText.map).toBeCloseTo((5 / 6 + 1 / 2) / 2);
});

it('leaves an image without captions out and counts it', async () => {
  const imageFeatures = Float32Array.from([1, 0, 0, 1, 0.6, 0.8]);
  const { imageToText, textToImage } = await retrievalScores({ ...features, imageFeatures }, [1]);
  expect(imageToText).toMatchObject({ queries: 2, withoutPositives: 1, gallery: 3, recallAt: { 1: 0.5 } });
  expect(textToImage.gallery).toBe(3);
});

it('gives a model that sees no difference the worst score', async () => {
  const same = { dim: 1, imageFeatures: new Float32Array(4).fill(1), textFeatures: new Float32Array(4).fill(1) };
  const { textToImage } = await retrievalScores({ ...same, imageOfText: [0, 1, 2, 3] }, [1]);
  expect(textToImage).toMatchObject({ recallAt: { 1: 0 }, medianRank: 4 });
});

it('gives the same ranks whether the score matrix is kept whole or read in chunks', async () => {
  const random = createRandom(9);
  const [images, texts, dim] = [3500, 4800, 1]; // 16.8 million scores: more than are kept
  const row = () => random.integer(7) - 3;
  const big = {
    imageFeatures: Float32Array.from({ length: images }, row),
    textFeatures: Float32Array.from({ length: texts }, row),
    imageOfText: Int32Array.from({ length: texts }, (_, text) => text % images),
  };
  const chunks: number[] = [];
  const { textToImage } = await retrievalRankings({
    ...big,
    dim,
    scoreChunk: (queries, gallery) => {
      chunks.push(queries.length);
      return dotScores(queries, gallery, dim);
    },
  });
  expect(chunks.length).toBeGreaterThan(2);
  const text = 4321; // one image is right; count what scores as high
  const scores = Array.from(big.imageFeatures, (x) => x * (big.textFeatures[text] ?? 0));
  const right = scores[text % images] ?? 0;
  expect(textToImage[text]?.ranks[0]).toBe(scores.filter((score) => score >= right).length);
});

it('uses the cut-offs of 1, 5 and 10 that the gallery holds, and refuses others that it does not', async () => {
  expect(Object.keys((await retrievalScores(features)).textToImage.recallAt)).toEqual(['1']);
  await expect(retrievalScores(features, [5])).rejects.toThrow(CutoffError);
  await expect(retrievalScores(features, [5])).rejects.toThrow(
    'k: expected an integer from 1 to 2 (the gallery), got 5',
  );
});

it('refuses features that do not fit', async () => {
  const none = new Float32Array(0);
  await expect(retrievalScores({ ...features, imageFeatures: none })).rejects.toThrow(EmptyGalleryError);
  await expect(retrievalScores({ ...features, dim: 4 })).rejects.toThrow(LengthError);
  await expect(retrievalScores({ ...features, imageOfText: [0] })).rejects.toThrow(LengthError);
  await expect(retrievalScores({ ...features, imageOfText: [0, 0, 2] })).rejects.toThrow(UnknownIdError);
  const broken = features.textFeatures.map((x, i) => (i === 3 ? NaN : x));
  await expect(retrievalScores({ ...features, textFeatures: broken })).rejects.toThrow(ScoreError);
});
