import type { ImageFile } from './image-file.ts';
import type { IndexInfo } from './index-info.ts';
import type { Metadata, StoreItem } from '../store/vector-store.ts';

/** What an index lacks to stand for a folder. */
export interface IndexDifference {
  /** Images that are new or have changed. */
  readonly toEmbed: readonly ImageFile[];
  /** Items whose caption alone has changed. */
  readonly toDescribe: readonly StoreItem[];
  /** Ids of images that are gone. */
  readonly toDelete: readonly string[];
}

/** The captions of a file, as the index keeps them. */
export type CaptionOf = (file: string) => string | undefined;

/** Compares a folder with what an index holds: by size and time of change, as `make` does. */
export function compareIndex(
  images: readonly ImageFile[],
  items: Iterable<StoreItem>,
  { rejected, captionOf }: { readonly rejected: IndexInfo['rejected']; readonly captionOf: CaptionOf },
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
    } else if ((captionOf(image.file) ?? '') !== (item.metadata['caption'] ?? '')) {
      toDescribe.push({ ...item, metadata: imageMetadata(image, captionOf) });
    }
  }
  return { toEmbed, toDescribe, toDelete: [...indexed.keys()] };
}

/** What an index keeps of an image. */
export function imageMetadata({ file, bytes, modified }: ImageFile, captionOf: CaptionOf): Metadata {
  const caption = captionOf(file);
  return { file, bytes, modified, ...(caption === undefined ? {} : { caption }) };
}

const isSame = (image: ImageFile, { bytes, modified }: Metadata): boolean =>
  bytes === image.bytes && modified === image.modified;
