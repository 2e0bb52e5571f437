import { InputError } from '@azclip/base';

import { HashIndex } from './hash-index.ts';
import type { ImageHash } from './image-hash.ts';

/** What tells an image from others: its id, and its look where it is known. */
export interface ImageFingerprint {
  readonly id: string;
  readonly hash?: ImageHash;
}

/** What a model was trained on. */
export interface TrainedImages {
  readonly images: Iterable<ImageFingerprint>;
  /** Published sets that were trained on whole, such as `coco-train2014`. */
  readonly sets?: readonly PublishedSet[];
}

/** Sets whose images are named by where they come from. */
export type PublishedSet =
  'coco-train2014' | 'coco-train2017' | 'coco-val2014' | 'coco-val2017' | 'flickr30k' | 'flickr8k';

/** Images that a model is to be scored on and was trained on. */
export class LeakError extends InputError {
  override readonly name = 'LeakError';
  /** Ids of the images. */
  readonly images: readonly string[];

  constructor(message: string, images: readonly string[]) {
    super(message);
    this.images = images;
  }
}

/** Bits by which the hashes of the same photograph differ after scaling and compression, at most. */
const SAME_PHOTOGRAPH_BITS = 5;

/** Sets by the images that they took from others: XTD's test images are of COCO's train2014, COCO's parts of 2017 were drawn
 * from those of 2014.
 * @see Aggarwal and Kale 2020, https://arxiv.org/abs/2012.05107 */
const PARTS: readonly { readonly name: RegExp; readonly sets: readonly PublishedSet[] }[] = [
  { name: /COCO_train2014_/u, sets: ['coco-train2014'] },
  { name: /COCO_val2014_/u, sets: ['coco-val2014'] },
];

/** Refuses to score images that were trained on, known by id, by published set or by look.
 * @throws {LeakError} naming the images. */
export function refuseLeaks(scored: Iterable<ImageFingerprint>, trained: TrainedImages): void {
  const ids = new Set<string>();
  const hashes = new HashIndex();
  for (const { id, hash } of trained.images) {
    ids.add(canonicalImageId(id));
    if (hash) hashes.add(id, hash);
  }
  const leaks: { id: string; reason: string }[] = [];
  for (const { id, hash } of scored) {
    const reason = leakReason(id, hash, ids, hashes, trained.sets ?? []);
    if (reason !== undefined) leaks.push({ id, reason });
  }
  if (leaks.length === 0) return;
  const named = leaks.slice(0, 5).map(({ id, reason }) => `${id} (${reason})`);
  const more = leaks.length > named.length ? ` and ${String(leaks.length - named.length)} more` : '';
  const message = `expected images to score that were not trained on, got ${named.join(', ')}${more}`;
  throw new LeakError(
    message,
    leaks.map(({ id }) => id),
  );
}

function leakReason(
  id: string,
  hash: ImageHash | undefined,
  ids: ReadonlySet<string>,
  hashes: HashIndex,
  sets: readonly PublishedSet[],
): string | undefined {
  if (ids.has(canonicalImageId(id))) return 'same id';
  const set = PARTS.find(({ name }) => name.test(id))?.sets.find((part) => sets.includes(part));
  if (set !== undefined) return `an image of ${set}`;
  const twin = hash && hashes.nearest(hash, SAME_PHOTOGRAPH_BITS);
  return twin && `looks like ${twin.id}`;
}

/** One name for an image that several sets hold: COCO's number, whatever its year and part (XTD, Karpathy's splits), and
 * Flickr's number (Flickr30k, and Flickr8k, which adds a secret); else the file name without folder and extension. */
export function canonicalImageId(id: string): string {
  const stem = id.replace(/^.*[/\\]/u, '').replace(/\.(?:jpe?g|png|webp)$/iu, '');
  const coco = /^(?:COCO_(?:train|val|test)20\d\d_)?(?<number>\d{12})$/u.exec(stem)?.groups?.number;
  if (coco !== undefined) return `coco:${String(Number(coco))}`;
  const flickr = /^(?<number>\d{5,11})(?:_[\da-f]{10})?$/u.exec(stem)?.groups?.number;
  return flickr === undefined ? stem : `flickr:${flickr}`;
}
