import { extname } from 'node:path';
import { writeFileAtomic } from '@azclip/base';
import { pack } from 'tar-stream';

import { formatHash } from '../cleaning/image-hash.ts';
import type { CleanPair } from '../cleaning/clean-pairs.ts';
import { imageFileBytes, imageFileName } from './image-files.ts';

/** A shard is closed at this many samples or bytes, whichever comes first. */
const MAX_SAMPLES = 1000;
const MAX_BYTES = 128 * 2 ** 20;

/** Writes pairs as WebDataset tars `<prefix>-000000.tar`, …: `<key>.jpg` and `<key>.json` with id, captions, hash and weights. One
 * shard stands in memory.
 * @returns the number of samples. */
export async function writeShards(pairs: AsyncIterable<CleanPair>, prefix: string): Promise<number> {
  let shard = { archive: pack(), samples: 0, bytes: 0 };
  let [shards, total] = [0, 0];
  const close = async (): Promise<void> => {
    shard.archive.finalize();
    const path = `${prefix}-${String(shards++).padStart(6, '0')}.tar`;
    await writeFileAtomic(path, shard.archive as AsyncIterable<Uint8Array>);
    shard = { archive: pack(), samples: 0, bytes: 0 };
  };
  for await (const { pair, hash } of pairs) {
    const bytes = await imageFileBytes(pair.image);
    const key = String(total++).padStart(9, '0');
    const extension = extname(imageFileName(pair.imageId, pair.image)).toLowerCase();
    const { imageId: id, captions, weights } = pair;
    const json = JSON.stringify({ id, captions, hash: formatHash(hash), weights });
    shard.archive.entry({ name: `${key}${extension}`, mtime: EPOCH }, Buffer.from(bytes));
    shard.archive.entry({ name: `${key}.json`, mtime: EPOCH }, json);
    shard.samples += 1;
    shard.bytes += bytes.length;
    if (shard.samples >= MAX_SAMPLES || shard.bytes >= MAX_BYTES) await close();
  }
  if (shard.samples > 0) await close();
  return total;
}

/** The same pairs give the same bytes whenever they are written. */
const EPOCH = new Date(0);
