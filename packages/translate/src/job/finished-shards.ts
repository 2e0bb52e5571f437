import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { inShard, writeFileAtomic, type Shard } from '@azclip/base';

/** What is being translated, and by what. */
export interface ShardedWork {
  /** Folder of the translations. */
  readonly store: string;
  readonly input: string;
  readonly source: string;
  readonly target: string;
  readonly model: string;
}

/** Notes beside the translations that a shard has asked for all its captions: those that have no translation then were refused. */
export async function noteFinished(work: ShardedWork, { index, count }: Shard): Promise<void> {
  await writeFileAtomic(join(work.store, `${await nameOf(work)}-${String(index)}-of-${String(count)}`), '');
}

/** Finds out which captions had their turn.
 * @returns whether the shard of a caption has asked for all its captions, whatever the number of shards was. */
export async function finishedShards(work: ShardedWork): Promise<(text: string) => boolean> {
  const name = await nameOf(work);
  const shards = (await readdir(work.store)).flatMap((file): Shard[] => {
    const found = file.startsWith(name) ? /-(?<index>\d+)-of-(?<count>\d+)$/u.exec(file)?.groups : undefined;
    return found ? [{ index: Number(found['index']), count: Number(found['count']) }] : [];
  });
  return (text) => shards.some((shard) => inShard(text, shard));
}

/** Other captions, languages or another model are other work. */
async function nameOf({ input, source, target, model }: ShardedWork): Promise<string> {
  const { size, mtimeMs } = await stat(input);
  const parts = [resolve(input), size, mtimeMs, source, target, model];
  return `finished-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)}`;
}
