import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Metadata } from '../store/vector-store.ts';
import { writeTestModel } from '../testing/write-test-model.ts';
import { compareIndex } from './compare-index.ts';
import { imageId } from './image-file.ts';
import { defaultIndexFolder, openForIndexing, openImageIndex, publishIndex } from './image-index.ts';
import { listImages } from './list-images.ts';
import { readCaptions } from './read-captions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('listImages', () => {
  it('finds images in folders within folders, by name, and passes over the rest', async () => {
    await mkdir(join(folder, 'yay', '.thumbnails'), { recursive: true });
    for (const file of ['b.JPG', 'a.png', 'notes.txt', 'yay/şəkil 1.webp', 'yay/.thumbnails/x.png', '.hidden.png']) {
      await writeFile(join(folder, file), file);
    }
    const images = await listImages(folder);
    expect(images.map(({ file }) => file)).toEqual(['a.png', 'b.JPG', 'yay/şəkil 1.webp']);
    expect(images[0]).toMatchObject({ id: imageId('a.png'), bytes: 5, place: { path: join(folder, 'a.png') } });
  });

  it('lists a dangling link, so that its reading reports it', async () => {
    await symlink(join(folder, 'gone.png'), join(folder, 'link.png'));
    expect(await listImages(folder)).toMatchObject([{ file: 'link.png', bytes: 0 }]);
  });

  it('says that a folder is missing', async () => {
    await expect(listImages(join(folder, 'none'))).rejects.toThrow(/none: expected a folder of images, got ENOENT/u);
  });
});

describe('imageId', () => {
  it('is safe in an address and the same for both spellings of a letter', () => {
    expect(imageId('yay/ş.png')).toMatch(/^[\w-]{22}$/u);
    expect(imageId('ş.png'.normalize('NFD'))).toBe(imageId('ş.png'));
  });
});

describe('readCaptions', () => {
  it('gathers the captions of each file', async () => {
    const lines = [
      { image: 'a.png', captions: ['bir', 'iki'] },
      { file: 'b.png', caption: 'üç' },
      { image: 'a.png', caption: 'dörd', album: 'yay', day: 3, tags: ['not flat'] },
    ];
    await writeFile(join(folder, 'captions.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const captions = await readCaptions(folder);
    expect([...captions]).toEqual([
      ['a.png', { caption: 'bir\niki\ndörd', album: 'yay', day: 3 }],
      ['b.png', { caption: 'üç' }],
    ]);
  });

  it('is empty without a file, and names the line that is wrong', async () => {
    expect((await readCaptions(folder)).size).toBe(0);
    await writeFile(join(folder, 'captions.jsonl'), '{"image":"a"}\n{"caption":"b"}\n');
    await expect(readCaptions(folder)).rejects.toThrow(/captions\.jsonl:2: .*expected a key image or file/u);
  });
});

describe('compareIndex', () => {
  const image = (name: string, modified = 1, facts: Metadata = {}): Parameters<typeof compareIndex>[0][number] => ({
    ...{ id: imageId(name), file: name, place: { path: `/x/${name}` }, bytes: 3, modified, facts },
  });
  const item = (
    name: string,
    caption?: string,
  ): Parameters<typeof compareIndex>[1] extends Iterable<infer T> ? T : never => ({
    id: imageId(name),
    vector: new Float32Array(2),
    metadata: { file: name, bytes: 3, modified: 1, ...(caption === undefined ? {} : { caption }) },
  });
  it('finds what is new, changed, gone and the same', () => {
    const items = [item('same.png'), item('changed.png'), item('gone.png')];
    const difference = compareIndex([image('same.png'), image('changed.png', 2), image('new.png')], items, []);
    expect(difference.toEmbed.map(({ file }) => file)).toEqual(['changed.png', 'new.png']);
    expect(difference.toDelete).toEqual([imageId('gone.png')]);
    expect(difference.toDescribe).toEqual([]);
  });

  it('does not embed again for a new caption', () => {
    const images = [image('a.png', 1, { caption: 'yeni' }), image('b.png', 1, { caption: 'yeni' })];
    const difference = compareIndex(images, [item('a.png', 'köhnə'), item('b.png', 'yeni')], []);
    expect(difference.toEmbed).toEqual([]);
    expect(difference.toDescribe).toMatchObject([{ id: imageId('a.png'), metadata: { caption: 'yeni' } }]);
  });

  it('tries a rejected image again only when it has changed', () => {
    const rejected = [{ file: 'bad.jpg', modified: 1, reason: 'broken' }];
    expect(compareIndex([image('bad.jpg')], [], rejected).toEmbed).toEqual([]);
    expect(compareIndex([image('bad.jpg', 2)], [], rejected).toEmbed).toHaveLength(1);
  });
});

describe('an image index', () => {
  it('stands in the model folder by default, apart for each folder of images', () => {
    expect(defaultIndexFolder('runs/model', folder)).toMatch(/runs\/model\/index\/[\w-]{22}$/u);
    expect(defaultIndexFolder('runs/model', folder)).not.toBe(defaultIndexFolder('runs/model', `${folder}2`));
  });

  it('of another model is refused, and replaced only when the new one is complete', async () => {
    const [first, second] = [await writeTestModel(join(folder, 'm')), await writeTestModel(join(folder, 'm2'))];
    const other = { ...second, fingerprint: 'f'.repeat(64) };
    const path = join(folder, 'index');
    const old = await openForIndexing(path, folder, first);
    await publishIndex(old);
    await old.store.close();
    await expect(openImageIndex(path, other)).rejects.toThrow(/expected an index by model ffffffffffff…, got one by/u);
    const next = await openForIndexing(path, folder, other);
    expect((await openImageIndex(path, first)).info.store).toBe(old.info.store); // the old one is still read
    await publishIndex(next);
    await next.store.close();
    expect((await openImageIndex(path, other)).info.store).toBe(next.info.store);
    expect((await readdir(path)).sort()).toEqual(['index.json', next.info.store].sort());
  });

  it('says that there is none, or that its description is damaged', async () => {
    const model = await writeTestModel(join(folder, 'm'));
    await expect(openImageIndex(folder, model)).rejects.toThrow('expected an index (index.json), got none');
    await writeFile(join(folder, 'index.json'), '{"version": 1');
    await expect(openImageIndex(folder, model)).rejects.toThrow(/index\.json: expected the description of an index/u);
  });
});
