import { experimentConfig } from './config.ts';
import { makeJobs } from './jobs.ts';

const configOf = (rest: object = {}) =>
  experimentConfig.parse({
    name: 'grid',
    output: 'out',
    base: { image: { tower: { name: 'resnet' } }, text: { tower: { name: 'bag', dim: 8 } }, train: { epochs: 2 } },
    sets: {
      flat: { data: { reader: 'scenes' } },
      sketch: { data: { reader: 'scenes', domain: 'sketch' }, language: 'tr' },
    },
    axes: {
      loss: { clip: { loss: { name: 'clip' } }, margin: { loss: { name: 'lowclip-margin', weight: 2 } } },
      length: { short: { train: { epochs: 1 } } },
    },
    ...rest,
  });

it('makes every combination, once a seed', () => {
  const jobs = makeJobs(configOf({ seeds: [1, 7] }));
  expect(jobs.map(({ id }) => id)).toEqual([
    'clip-flat-seed1',
    'clip-flat-seed7',
    'clip-sketch-seed1',
    'clip-sketch-seed7',
    'margin-flat-seed1',
    'margin-flat-seed7',
    'margin-sketch-seed1',
    'margin-sketch-seed7',
  ]);
  expect(jobs[7]?.fit).toMatchObject({
    output: 'out/jobs/margin-sketch-seed7',
    seed: 7,
    language: 'tr',
    data: { reader: 'scenes', domain: 'sketch' },
    loss: { name: 'lowclip-margin', weight: 2 },
    train: { epochs: 1 },
    featureCache: 'out/features',
    imageCache: 'out/images',
  });
});

it('makes the rows that are listed; an axis with one choice need not be', () => {
  const jobs = makeJobs(configOf({ rows: [{ loss: 'margin', set: 'flat' }] }));
  expect(jobs.map(({ choices }) => choices)).toEqual([{ loss: 'margin', length: 'short', set: 'flat' }]);
});

it('gives a run a digest that its configuration decides, and the sets it is scored on, but not its folder', () => {
  const digest = (rest: object): string | undefined => makeJobs(configOf(rest))[0]?.digest;
  expect(digest({ output: 'elsewhere' })).toBe(digest({}));
  expect(new Set([digest({}), digest({ seeds: [2] }), digest({ resamples: 500 })]).size).toBe(3);
});

it.each([
  ['an axis that is none', { rows: [{ los: 'clip' }] }, 'x.yaml: rows.0: expected one of loss, length, set, got "los"'],
  [
    'a choice that is none',
    { rows: [{ loss: 'clap' }] },
    'x.yaml: rows.0.loss: expected one of clip, margin, got clap',
  ],
  [
    'a choice that is missing',
    { rows: [{ loss: 'clip' }] },
    'x.yaml: rows.0.set: expected one of flat, sketch, got none',
  ],
  [
    'a run twice',
    {
      rows: [
        { loss: 'clip', set: 'flat' },
        { loss: 'clip', set: 'flat' },
      ],
    },
    'got clip-flat-seed1 twice',
  ],
  [
    'a wrong key of a run',
    { axes: { a: { b: { train: { epoch: 1 } } } } },
    'x.yaml: flat-seed1: train: Unrecognized key',
  ],
])('names %s before anything runs', (_, rest, message) => {
  expect(() => makeJobs(configOf(rest), 'x.yaml')).toThrow(message);
});
