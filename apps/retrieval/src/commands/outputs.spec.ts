import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FeedbackLog, imageId, defaultIndexFolder } from '@azclip/retrieval';
import sharp from 'sharp';

import { makeTestFolder, type TestFolder } from '../test-folder.spec.helper.ts';
import { bundleCommand } from './bundle.ts';
import { describeCommand } from './describe.ts';
import { feedbackCommand } from './feedback.ts';
import { galleryCommand } from './gallery.ts';
import { indexCommand } from './index.ts';

let test: TestFolder;
let out: string;
const run = (command: () => ReturnType<typeof indexCommand>, ...rest: string[]): Promise<unknown> =>
  command().parseAsync([`--model=${test.model}`, `--images=${test.photos}`, ...rest], { from: 'user' });

beforeEach(async () => {
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation(() => true);
  test = await makeTestFolder();
  out = join(test.folder, 'out');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await test.remove();
});

describe('retrieval gallery', () => {
  it('draws the best images of each query, a row each', async () => {
    const queries = join(test.folder, 'queries.txt');
    await writeFile(queries, 'qırmızı & <ağ>\n\nmavi\n');
    await run(galleryCommand, `--queries=${queries}`, `--out=${out}.png`, '-k', '3');
    const { data, info } = await sharp(`${out}.png`).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([3 * 190 + 10, 2 * 246 + 10]);
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3),
    ];
    expect(at(100, 10 + 246 + 34 + 90)).toEqual([0, 0, 255]); // middle of the best hit for «mavi»
  });

  it('refuses a list without queries', async () => {
    const queries = join(test.folder, 'queries.txt');
    await writeFile(queries, '\n');
    const drawn = run(galleryCommand, `--queries=${queries}`, `--out=${out}.png`);
    await expect(drawn).rejects.toThrow('queries.txt: expected a query a line, got an empty file');
  });
});

describe('retrieval describe', () => {
  it('prints the captions that fit an image best', async () => {
    const captions = join(test.folder, 'captions.txt');
    await writeFile(captions, 'mavi dəniz\nqırmızı alma\nqırmızı\n\nyaşıl ot\n');
    const args = [
      `--model=${test.model}`,
      `--image=${join(test.photos, 'red.png')}`,
      `--captions=${captions}`,
      '-k',
      '2',
    ];
    const written = jest.spyOn(process.stdout, 'write').mockClear();
    await describeCommand().parseAsync(args, { from: 'user' });
    expect(String(written.mock.calls[0]?.[0])).toMatch(/^1\.000 {2}qırmızı\n0\.999 {2}qırmızı alma\n$/u);
  });
});

describe('retrieval feedback', () => {
  it('writes liked images as a manifest and disliked ones as hard negatives', async () => {
    await run(indexCommand);
    const log = await FeedbackLog.open(join(defaultIndexFolder(test.model, test.photos), 'feedback.jsonl'));
    const judge = (file: string, query: string, value: 'up' | 'down'): Promise<void> =>
      log.add({ time: 1, session: 's', query, id: imageId(file), value });
    await judge('red.png', 'qırmızı', 'up');
    await judge('red.png', 'isti rəng', 'up');
    await judge('blue.png', 'qırmızı', 'down');
    await judge('blue.png', 'image:x', 'up');
    await log.close();
    await run(feedbackCommand, `--out=${out}`);
    const read = async (file: string): Promise<unknown[]> =>
      (await readFile(join(out, file), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    expect(await read('manifest.jsonl')).toEqual([
      {
        id: imageId('red.png'),
        image: join(test.photos, 'red.png'),
        split: 'train',
        captions: ['qırmızı', 'isti rəng'],
      },
    ]);
    expect(await read('hard-negatives.jsonl')).toEqual([{ query: 'qırmızı', images: [join(test.photos, 'blue.png')] }]);
  });
});

describe('retrieval bundle', () => {
  it('writes a site with model, vectors, thumbnails and what runs them', async () => {
    await run(bundleCommand, `--out=${out}`);
    expect((await readdir(out)).sort()).toEqual([
      'api.js',
      'icon.svg',
      'index',
      'index.html',
      'lib',
      'model',
      'page.js',
      'strings.js',
      'style.css',
      'thumbnails',
      'view.js',
    ]);
    expect((await readFile(join(out, 'index/vectors.bin'))).length).toBe(5 * 3 * 4); // images · dim · float32
    expect(await readdir(join(out, 'thumbnails'))).toHaveLength(5);
  });

  it('adds the runtime for WebGPU where it is wanted, and refuses it for a tower of integers', async () => {
    await run(bundleCommand, '--webgpu', `--out=${out}`);
    expect(await readdir(join(out, 'lib'))).toEqual(expect.arrayContaining(['ort.jspi.min.mjs', 'ort.wasm.min.mjs']));
    expect(JSON.parse(await readFile(join(out, 'model/config.json'), 'utf8'))).toMatchObject({ webgpu: true });
    const integers = run(bundleCommand, '--webgpu', '--variant=int8', `--out=${out}-2`);
    await expect(integers).rejects.toThrow('--variant: expected fp16 or none with --webgpu');
  });

  it('refuses a folder with files in it', async () => {
    await expect(run(bundleCommand, `--out=${test.photos}`)).rejects.toThrow(
      'expected an empty folder, got one with files',
    );
  });
});
