import { isDeepStrictEqual } from 'node:util';

import type { ImageFile } from './image-file.ts';
import type { IndexInfo } from './index-info.ts';
import type { Metadata, StoreItem } from '../store/vector-store.ts';

/** What an index lacks to stand for a folder. */
export interface IndexDifference {
  /** Images that are new or have changed. */
  readonly toEmbed: readonly ImageFile[];
  /** Items of which only what is said has changed, such as the caption. */
  readonly toDescribe: readonly StoreItem[];
  /** Ids of images that are gone. */
  readonly toDelete: readonly string[];
}

/** Compares a gallery with what an index holds: by size and time of change, as `make` does. */
export function compareIndex(
  images: readonly ImageFile[],
  items: Iterable<StoreItem>,
  rejected: IndexInfo['rejected'],
): IndexDifference {
  const indexed = new Map(Array.from(items, (item) => [item.id, item]));
  const known = new Map(rejected.map(({ file, modified }) => [file, modified]));
  const toEmbed: ImageFile[] = [];
  const toDescribe: StoreItem[] = [];
  for (const image of images) {
    const item = indexed.get(image.id);
    indexed.delete(image.id);
    if (item === undefined || !isSame(image, item.metadata)) {
      if (item !== undefined || known.get(image.file) !== image.modified) toEmbed.push(image);
    } else {
      const metadata = imageMetadata(image);
      if (!isDeepStrictEqual(metadata, item.metadata)) toDescribe.push({ ...item, metadata });
    }
  }
  return { toEmbed, toDescribe, toDelete: [...indexed.keys()] };
}

/** What an index keeps of an image: what is known of it, and how to find it again. */
export function imageMetadata({ file, place, bytes, modified, facts }: ImageFile): Metadata {
  return { ...facts, file, bytes, modified, ...place.archive };
}

const isSame = ({ bytes, modified, place }: ImageFile, metadata: Metadata): boolean =>
  bytes === metadata['bytes'] && modified === metadata['modified'] && place.archive?.start === metadata['start'];
