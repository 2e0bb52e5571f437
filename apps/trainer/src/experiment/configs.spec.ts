import { join } from 'node:path';

import { readYaml } from '../read-yaml.ts';
import { experimentConfig } from './config.ts';
import { makeJobs } from './jobs.ts';

const folder = join(__dirname, '../../configs');

it.each(['table3-scenes.yaml', 'paper/table3.yaml'])('%s makes the seven runs of the paper’s table', async (name) => {
  const path = join(folder, name);
  const jobs = makeJobs(await readYaml(path, experimentConfig), path);
  expect(jobs).toHaveLength(7);
  const sets = jobs.map(({ choices }) => choices['set']);
  const count = (of: string | undefined): number => sets.filter((set) => set === of).length;
  expect([...new Set(sets)].map(count)).toEqual([2, 3, 2]); // two on MSCOCO, three on Flickr30k, two on Flickr8k
});

it('the ablation on real photographs never reads the test split, and changes one thing a run', async () => {
  const path = join(folder, 'flickr8k-az-ablation.yaml');
  const config = await readYaml(path, experimentConfig);
  const jobs = makeJobs(config, path);
  expect(Object.values(config.sets).map(({ split }) => split)).toEqual(['dev']);
  expect(jobs.every(({ fit }) => !fit.evaluation.test)).toBe(true);
  expect(new Set(jobs.map(({ digest }) => digest)).size).toBe(jobs.length);
});
