import { CutoffError, LengthError, UnknownIdError } from './errors.ts';
import { classFeatures, zeroShotScores } from './zero-shot.ts';

it('averages the prompts of a class and scales the mean to length 1', () => {
  const prompts = Float32Array.from([1, 0, 0, 1, 0, -1]);
  const classes = classFeatures(prompts, [0, 0, 1], 2, 2);
  expect(classes).toBeAllClose([Math.SQRT1_2, Math.SQRT1_2, 0, -1]);
});

it('counts the images whose class is among the best k', async () => {
  const features = {
    imageFeatures: Float32Array.from([1, 0, 0, 1, 0.6, 0.8]),
    classFeatures: Float32Array.from([1, 0, 0, 1, -1, 0]),
    dim: 2,
  };
  // scores: image 0: 1 0 −1 · image 1: 0 1 0 · image 2: .6 .8 −.6
  const { accuracyAt } = await zeroShotScores({ ...features, labels: [0, 1, 0] }, [1, 2]);
  expect(accuracyAt).toEqual({ 1: 2 / 3, 2: 1 });
  expect(Object.keys((await zeroShotScores({ ...features, labels: [0, 1, 0] })).accuracyAt)).toEqual(['1']);
  await expect(zeroShotScores({ ...features, labels: [0, 1, 0] }, [5])).rejects.toThrow(CutoffError);
  await expect(zeroShotScores({ ...features, labels: [0, 1, 3] })).rejects.toThrow(UnknownIdError);
});

it('refuses a prompt of no class and a class without prompts', () => {
  const prompts = Float32Array.from([1, 0, 0, 1]);
  expect(() => classFeatures(prompts, [0, 2], 2, 2)).toThrow(UnknownIdError);
  expect(() => classFeatures(prompts, [0], 2, 2)).toThrow(LengthError);
  expect(() => classFeatures(prompts, [0, 0], 2, 2)).toThrow('class 1: expected prompts, got none');
});
