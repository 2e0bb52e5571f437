import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { imageMetadata } from './compare-index.ts';
import { imageId } from './image-file.ts';
import { listImages } from './list-images.ts';
import { indexedPath, readIndexedImage } from './read-image.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gallery-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a manifest as a gallery', () => {
  it('names images relative to itself, by its own ids, with captions and facts', async () => {
    await writeFile(join(folder, 'b.jpg'), 'bytes');
    await mkdir(join(folder, 'sets'));
    const line = { id: 'b', image: '../b.jpg', split: 'test', captions: ['bir', 'iki'], weights: [1, 0.5], year: 1999 };
    const path = join(folder, 'sets', 'manifest.jsonl');
    await writeFile(path, `${JSON.stringify(line)}\n`);
    const [image, ...others] = await listImages(path);
    expect(others).toEqual([]);
    expect(image).toMatchObject({ id: imageId('b'), file: '../b.jpg', bytes: 5 });
    expect(image?.facts).toEqual({ caption: 'bir\niki', split: 'test', year: 1999 });
    const metadata = image && imageMetadata(image);
    expect(String(await readIndexedImage(path, metadata ?? {}))).toBe('bytes');
    expect(indexedPath(path, metadata ?? {})).toBe(join(folder, 'b.jpg'));
  });

  it('names the line that is wrong', async () => {
    const path = join(folder, 'manifest.jsonl');
    await writeFile(path, '{"id":"a","image":"a.jpg","captions":[]}\n{"id":"b"}\n');
    await expect(listImages(path)).rejects.toThrow(/manifest\.jsonl:2: /u);
  });
});

const hasTar = spawnSync('tar', ['--version']).status === 0;

(hasTar ? describe : describe.skip)(`archives as a gallery${hasTar ? '' : ' — skipped: no tar here'}`, () => {
  const pack = async (format: string, ...files: string[]): Promise<string> => {
    const path = join(folder, 'shards', 'shard-000.tar');
    await mkdir(join(folder, 'shards'), { recursive: true });
    const { status } = spawnSync('tar', [`--format=${format}`, '-cf', path, '-C', folder, ...files]);
    expect(status).toBe(0);
    return path;
  };
  const long = `${'uzun-'.repeat(30)}ad.png`; // 152 characters: more than a header holds

  it.each(['ustar', 'gnu', 'pax'])('finds samples with captions and facts in %s archives', async (format) => {
    const name = format === 'ustar' ? `qovluq/${'a'.repeat(80)}.png` : long; // ustar splits at a slash
    await mkdir(join(folder, 'qovluq'));
    await writeFile(join(folder, name), 'second');
    await writeFile(join(folder, '0001.jpg'), 'first');
    await writeFile(join(folder, '0001.txt'), 'bir\n');
    await writeFile(join(folder, '0001.json'), '{"album":"yay","nested":{}}');
    const path = await pack(format, '0001.jpg', '0001.txt', '0001.json', name);
    for (const gallery of [path, join(folder, 'shards')]) {
      const images = await listImages(gallery);
      expect(images.map(({ file }) => file)).toEqual(['0001.jpg', name]);
      expect(images[0]?.facts).toEqual({ caption: 'bir', album: 'yay' });
      const read = await Promise.all(images.map((image) => readIndexedImage(gallery, imageMetadata(image))));
      expect(read.map(String)).toEqual(['first', 'second']);
      expect(images[0] && indexedPath(gallery, imageMetadata(images[0]))).toBeUndefined();
    }
  });

  it('says that an archive is cut off, or none', async () => {
    await writeFile(join(folder, 'a.jpg'), Buffer.alloc(5000));
    const path = await pack('ustar', 'a.jpg');
    await truncate(path, 3000);
    await expect(listImages(path)).rejects.toThrow('expected a whole tar archive, got "an end within a member"');
    await writeFile(path, Buffer.alloc(2000, 'x'));
    await expect(listImages(path)).rejects.toThrow('expected a whole tar archive');
    await expect(listImages(join(folder, 'none.tar'))).rejects.toThrow('expected a tar archive, got ENOENT');
  });
});

describe('an image of an index', () => {
  it('is not read from outside of the folder that was indexed', async () => {
    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'secret.png'), 'secret');
    const metadata = { file: '../secret.png', bytes: 6 };
    const read = readIndexedImage(join(folder, 'photos'), metadata);
    await expect(read).rejects.toThrow('the image is no longer where it was indexed');
    const part = readIndexedImage(join(folder, 'photos'), { ...metadata, part: '../secret.png', start: 0 });
    await expect(part).rejects.toThrow('the image is no longer where it was indexed');
  });
});
