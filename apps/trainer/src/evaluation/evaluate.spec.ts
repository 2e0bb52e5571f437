import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataConfig, fingerprintImages, readPairs, writeFingerprints } from '@azclip/data';
import { writeTestModel } from '@azclip/retrieval/testing';
import sharp from 'sharp';

import { evaluationTables } from '../report/evaluation-tables.ts';
import { writeEvaluation } from '../report/write-evaluation.ts';
import { evaluationConfig } from './config.ts';
import { evaluate, type EvaluationReport } from './evaluate.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  await writeTestModel(join(folder, 'model'));
  await mkdir(join(folder, 'images'));
  const colors = { red: '#f00', green: '#0f0', blue: '#00f', yellow: '#ff0', black: '#000', white: '#fff' };
  for (const [name, background] of Object.entries(colors)) {
    await sharp({ create: { width: 30, height: 20, channels: 3, background } }).toFile(
      join(folder, `images/${name}.png`),
    );
  }
  // the caption of the yellow image speaks of blue: it must turn up among the failures
  const captions =
    'red.png#0\tqırmızı\nred.png#1\tqırmızı <b>\ngreen.png#0\tyaşıl\nblue.png#0\tmavi\nyellow.png#0\tmavi\nblack.png#0\tqara\nwhite.png#0\tağ\n';
  await writeFile(join(folder, 'captions.txt'), captions);
  await writeFile(join(folder, 'train.txt'), 'black.png\n');
  await writeFile(join(folder, 'test.txt'), 'white.png\n');
  await writeFile(join(folder, 'dev.txt'), 'red.png\ngreen.png\nblue.png\nyellow.png\n');
  const grades = ['red.png\tred.png#0\t4\t4\t4', 'blue.png\tred.png#0\t1\t1\t1', 'yellow.png\tred.png#0\t2\t2\t3'];
  await writeFile(join(folder, 'expert.txt'), [...grades, 'red.png\tnowhere.png#0\t1\t1\t1'].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const configOf = (rest: object = {}) => {
  const lists = { train: 'train.txt', dev: 'dev.txt', test: 'test.txt' };
  const data = { reader: 'flickr8k', root: folder, images: 'images', captions: 'captions.txt', splits: lists };
  return evaluationConfig.parse({
    name: 'colours',
    output: join(folder, 'report'),
    models: [
      { name: 'one', folder: join(folder, 'model'), trainedOn: 'colours' },
      { name: 'two', folder: join(folder, 'model'), trainedOn: 'other' },
    ],
    sets: [{ name: 'colours', language: 'az', data }],
    resamples: 100,
    ...rest,
  });
};

async function finish(work: AsyncGenerator<string, EvaluationReport>): Promise<[string[], EvaluationReport]> {
  const lines: string[] = [];
  for (;;) {
    const next = await work.next();
    if (next.done === true) return [lines, next.value];
    lines.push(next.value);
  }
}

it('scores each model on each set, finds the failures, and compares models on the same queries', async () => {
  const [lines, report] = await finish(evaluate(configOf()));
  expect(lines).toEqual(['one on colours (dev)', 'two on colours (dev)']);
  const [first, second] = report.cells;
  expect([first?.inDomain, second?.inDomain]).toEqual([true, false]);
  expect(first?.evaluation.textToImage.protocol).toMatchObject({ gallery: 4, queries: 5, withoutPositives: 0 });
  expect(first?.evaluation.textToImage.scores['R@1']?.value).toBeCloseTo(4 / 5);
  expect(first?.evaluation.failures).toMatchObject([
    { query: 'mavi', right: { imageId: 'yellow.png' }, found: [{ imageId: 'blue.png' }, {}, {}, {}] },
  ]);
  expect(first?.evaluation.curve.map(({ k }) => k)).toEqual([1, 2, 3]);
  expect(report.comparisons).toMatchObject([{ first: 'one', second: 'two', difference: 0, pValue: 1 }]);
});

it('compares cosines with the grades of people, and counts grades whose caption is missing', async () => {
  const judgements = { images: join(folder, 'images'), captions: join(folder, 'captions.txt') };
  const [, report] = await finish(
    evaluate(configOf({ judgements: { ...judgements, expert: join(folder, 'expert.txt') } })),
  );
  // cosines red 1, yellow √½, blue 0 order the nine grades as the experts do; only equal grades tie
  expect(report.agreements[0]).toMatchObject({ model: 'one', judges: 'expert', grades: 9, withoutCaption: 3 });
  expect(report.agreements[0]?.tauC).toBeGreaterThan(0.9);
});

it('classifies images by the names of classes that they were not trained on', async () => {
  const write = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content);
  await write('classes.json', '{"AZ": [[7, 8, 9], ["qırmızı", "yaşıl", "mavi"]]}');
  await write('prompts.json', '{"AZ": ["{}", "bir {} şəkli"]}');
  const labels = ['red.png\t7', 'green.png\t8', 'blue.png\t8', 'yellow.png\t99']; // blue is no green; 99 has no name
  await write('labels.tsv', labels.map((line) => `images/${line}`).join('\n'));
  const files = { images: 'labels.tsv', classes: 'classes.json', prompts: 'prompts.json' };
  const paths = Object.fromEntries(Object.entries(files).map(([key, file]) => [key, join(folder, file)]));
  const [, report] = await finish(evaluate(configOf({ zeroShot: [{ name: 'colours', language: 'az', ...paths }] })));
  expect(report.zeroShot[0]).toMatchObject({ images: 3, classes: 3, prompts: 2, withoutName: 1 });
  expect(report.zeroShot[0]?.top1.value).toBeCloseTo(2 / 3);
  await write('labels.tsv', 'images/red.png\tred\n');
  const broken = evaluate(configOf({ zeroShot: [{ name: 'colours', language: 'az', ...paths }] }));
  await expect(finish(broken)).rejects.toThrow('labels.tsv:1: expected image<tab>class from 0 to 999');
});

it('names the set without images in the part', async () => {
  const splits = { dev: 0, test: 0 };
  const data = {
    reader: 'flickr8k',
    root: folder,
    images: 'images',
    captions: 'captions.txt',
    splits,
  };
  const config = configOf({ sets: [{ name: 'void', language: 'az', data }] });
  await expect(finish(evaluate(config))).rejects.toThrow('sets: void: expected images in the part dev, got none');
});

it('writes the three reports, with captions as text and not as markup', async () => {
  const [, report] = await finish(evaluate(configOf()));
  await writeEvaluation(report, join(folder, 'report'));
  const read = (name: string): Promise<string> => readFile(join(folder, 'report', name), 'utf8');
  const json = JSON.parse(await read('report.json')) as { cells: { textToImage: { protocol: { split: string } } }[] };
  expect(json.cells[0]?.textToImage.protocol.split).toMatch(/^[0-9a-f]{12}$/u);
  expect(await read('report.md')).toContain('| one | colours | az | dev | **80.0 (');
  const html = await read('report.html');
  expect(html).toContain('src="data:image/jpeg;base64,');
  expect(html).toContain('<h3 lang="az">mavi</h3>');
  expect(html).toContain('gallery 4, queries 5, positives per query 1, K 4, split');
  expect(html).not.toContain('qırmızı <b>');
  expect(evaluationTables(report).map(({ title }) => title)).not.toContain('Agreement with people');
});

it('refuses a set whose images were trained on, by their look too, or says so', async () => {
  const list = join(folder, 'model', 'trained-images.jsonl');
  const data = dataConfig.parse(configOf().sets[0]?.data);
  const renamed = (async function* () {
    let number = 0;
    for await (const pair of readPairs(data, 'dev')) yield { ...pair, imageId: `other-${String((number += 1))}` };
  })();
  await writeFingerprints(list, fingerprintImages(renamed));
  await expect(finish(evaluate(configOf()))).rejects.toThrow(/sets: colours: .*red\.png \(looks like other-1\)/u);
  const [, report] = await finish(evaluate(configOf(), { allowLeaks: true }));
  expect(report.leaks).toMatchObject([
    { model: 'one', set: 'colours', count: 4 },
    { model: 'two', count: 4 },
  ]);
  await writeEvaluation(report, join(folder, 'report'));
  for (const name of ['report.md', 'report.html', 'report.json']) {
    expect(await readFile(join(folder, 'report', name), 'utf8')).toContain('looks like other-');
  }
  await rm(list);
});
