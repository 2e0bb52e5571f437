import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { openForIndexing, openImageIndex } from '../image-index/image-index.ts';
import { openModel, type Model } from '../model/open-model.ts';
import { writeTestModel } from '../testing/write-test-model.ts';
import { updateIndex, type IndexReport } from './update-index.ts';

let folder: string;
let model: Model;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-'));
  await mkdir(join(folder, 'photos'));
  await writeTestModel(join(folder, 'model'));
  model = await openModel(join(folder, 'model'), { threads: 1 });
});
afterEach(async () => {
  await model.dispose();
  await rm(folder, { recursive: true });
});

const draw = (file: string, background: string): Promise<unknown> =>
  sharp({ create: { width: 12, height: 9, channels: 3, background } })
    .png()
    .toFile(join(folder, 'photos', file));

const update = async (options?: Parameters<typeof updateIndex>[2]): Promise<IndexReport[]> => {
  const index = await openForIndexing(join(folder, 'index'), join(folder, 'photos'), model.config);
  const reports: IndexReport[] = [];
  for await (const report of updateIndex(index, model, options)) reports.push(report);
  await index.store.close();
  return reports;
};

const find = async (color: number[]): Promise<string[]> => {
  const { store } = await openImageIndex(join(folder, 'index'), model.config);
  const [hits = []] = await store.search(Float32Array.from(color), { k: 9 });
  return hits.map(({ metadata }) => String(metadata['file']));
};

describe('updateIndex', () => {
  it('embeds a folder so that colours find images, and reports what cannot be decoded by path', async () => {
    await Promise.all([draw('red.png', '#f00'), draw('blue.png', '#00f'), draw('green.png', '#0f0')]);
    await writeFile(join(folder, 'photos', 'broken.jpg'), 'not an image');
    const reports = await update({ batch: 2 });
    expect(reports.map(({ done, total }) => [done, total])).toEqual([
      [0, 4],
      [2, 4],
      [4, 4],
    ]);
    const [rejected] = reports.flatMap((report) => report.rejected);
    expect(rejected?.reason).toContain(join(folder, 'photos', 'broken.jpg'));
    expect((await find([0, 0, 1]))[0]).toBe('blue.png');
    expect(await find([1, 0, 0])).toHaveLength(3);
  });

  it('run again takes up only what is new, changed or gone', async () => {
    await Promise.all([draw('a.png', '#f00'), draw('b.png', '#00f')]);
    await update();
    expect(await update()).toEqual([{ done: 0, total: 0, rejected: [] }]);
    await draw('a.png', '#0f00');
    await draw('c.png', '#0f0');
    await rm(join(folder, 'photos', 'b.png'));
    await writeFile(join(folder, 'photos', 'captions.jsonl'), '{"image":"c.png","captions":["yaşıl"]}');
    const reports = await update();
    expect(reports.at(-1)).toMatchObject({ done: 2, total: 2 });
    expect((await find([0, 1, 0])).sort()).toEqual(['a.png', 'c.png']);
  });
});

const hasTar = spawnSync('tar', ['--version']).status === 0;

(hasTar ? describe : describe.skip)(`updateIndex over archives${hasTar ? '' : ' — skipped: no tar here'}`, () => {
  it('embeds the images in them, and again only when the archive has changed', async () => {
    await Promise.all([draw('red.png', '#f00'), draw('blue.png', '#00f')]);
    const photos = join(folder, 'photos');
    const pack = (...files: string[]): unknown => spawnSync('tar', ['-cf', 'shard.tar', ...files], { cwd: photos });
    pack('red.png', 'blue.png');
    for (const file of ['red.png', 'blue.png']) await rm(join(photos, file));
    await update();
    expect((await find([0, 0, 1]))[0]).toBe('blue.png');
    expect(await update()).toEqual([{ done: 0, total: 0, rejected: [] }]);
  });
});

describe('updateIndex cut off', () => {
  it('leaves the index that is read alone when it is stopped', async () => {
    await draw('a.png', '#f00');
    const signal = AbortSignal.abort();
    expect(await update({ signal })).toMatchObject([{ done: 0, total: 1 }]);
    await expect(find([1, 0, 0])).rejects.toThrow('expected an index (index.json), got none');
  });

  it('goes on where it was stopped', async () => {
    await Promise.all([draw('a.png', '#f00'), draw('b.png', '#00f'), draw('c.png', '#0f0')]);
    const index = await openForIndexing(join(folder, 'index'), join(folder, 'photos'), model.config);
    for await (const { done } of updateIndex(index, model, { batch: 1 })) if (done === 2) break;
    await index.store.close();
    expect((await update()).at(-1)).toMatchObject({ done: 1, total: 1 });
    expect(await find([1, 0, 0])).toHaveLength(3);
  });
});
