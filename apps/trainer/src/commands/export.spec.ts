import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openModel, readModelConfig } from '@azclip/retrieval';
import { writeTestModel } from '@azclip/retrieval/testing';
import { consola } from 'consola';

import { recallLines } from '../export/recall-lines.ts';
import { exportCommand } from './export.ts';

let folder: string;
let model: string;
const said: string[] = [];
const run = (...args: string[]): Promise<unknown> =>
  exportCommand()
    .exitOverride()
    .parseAsync([`--model=${model}`, ...args], { from: 'user' });

beforeEach(async () => {
  said.length = 0;
  for (const kind of ['info', 'success', 'warn'] as const)
    jest.spyOn(consola, kind).mockImplementation((message: unknown) => void said.push(`${kind}: ${String(message)}`));
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  model = join(folder, 'model');
  await writeTestModel(model);
  await writeFile(join(model, 'README.md'), '# a model\n\n## Scores\nso and so\n');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const writeData = async (): Promise<string> => {
  const path = join(folder, 'set.yaml');
  await writeFile(path, 'name: any\ndata: { reader: scenes, train: 4, dev: 20, test: 4, imageSize: 32 }\n');
  return path;
};

describe('trainer export', () => {
  it('writes towers of both variants, names them in config.json, and says what they cost', async () => {
    const before = await readModelConfig(model);
    await run('--variants=int8,fp16', `--data=${await writeData()}`);
    const { fingerprint, variants } = await readModelConfig(model);
    expect(fingerprint).toBe(before.fingerprint); // indexes stay good
    expect(Object.keys(variants?.int8?.digests ?? {})).toEqual(['text.onnx']);
    expect(Object.keys(variants?.fp16?.digests ?? {})).toEqual(['image.onnx', 'text.onnx']);
    expect(variants?.int8?.recall?.['text-to-image/recall@1']?.float32).toBeGreaterThanOrEqual(0);
    expect(said.some((line) => /int8 text-to-image\/recall@1: [\d.]+ % \(float32 [\d.]+ %\)/u.test(line))).toBe(true);
    const small = await openModel(model, { variant: 'fp16' });
    expect(await small.embedTexts(Int32Array.of(5), Float32Array.of(1), 1, 1)).toBeAllClose([1, 0, 0], 1e-3); // qırmızı
    await small.dispose();
  });

  it('writes into the model card once, however often it is run', async () => {
    const data = `--data=${await writeData()}`;
    await run('--variants=fp16', data);
    await run('--variants=int8', data);
    const card = await readFile(join(model, 'README.md'), 'utf8');
    expect(card.match(/## Variants/gu)).toHaveLength(1);
    expect(card).toContain('## Scores\nso and so\n');
    expect(card).toContain('| int8 | dev of set.yaml | text-to-image/recall@1 |');
    expect(card).toContain('| fp16 | dev of set.yaml | text-to-image/recall@1 |');
  });

  it('writes towers without a report where there are no data', async () => {
    await run('--variants=int8');
    expect((await readModelConfig(model)).variants?.int8?.recall).toBeUndefined();
    expect(said.at(-1)).toMatch(/^warn: no report: .*config\.json does not exist; name data in --data$/u);
  });

  it('refuses a variant that is none and data without a data section', async () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await expect(run('--variants=int4')).rejects.toThrow('expected int8 or fp16, got int4');
    const empty = join(folder, 'empty.yaml');
    await writeFile(empty, 'name: x\n');
    await expect(run('--variants=int8', `--data=${empty}`)).rejects.toThrow(/empty\.yaml: data: /u);
  });
});

describe('recallLines', () => {
  it('warns of more than one point', () => {
    const recall = { 'text-to-image/recall@1': { float32: 0.5, variant: 0.488 }, b: { float32: 0.5, variant: 0.491 } };
    expect(recallLines('int8', recall)).toEqual([
      { line: 'int8 text-to-image/recall@1: 48.8 % (float32 50.0 %): 1.2 points lost', isLoss: true },
      { line: 'int8 b: 49.1 % (float32 50.0 %)', isLoss: false },
    ]);
  });
});
