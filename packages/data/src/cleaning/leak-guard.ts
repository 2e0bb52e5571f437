import { InputError } from '@azclip/base';

import { HashIndex } from './hash-index.ts';
import { hashDistance, type ImageHash } from './image-hash.ts';

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

/** An image that was trained on, and how that is known. */
export interface Leak {
  readonly id: string;
  readonly reason: string;
}

/** Knows what a model was trained on: by id, by published set and by look. */
export class LeakGuard {
  readonly #looks = new Map<string, ImageHash | undefined>();
  readonly #hashes = new HashIndex();
  readonly #sets: readonly PublishedSet[];

  /** @param trained - held by id and hash, some 200 bytes an image. */
  constructor({ images, sets = [] }: TrainedImages) {
    this.#sets = sets;
    for (const { id, hash } of images) {
      this.#looks.set(canonicalImageId(id), hash);
      if (hash) this.#hashes.add(id, hash);
    }
  }

  /** Number of images, of different names. */
  get size(): number {
    return this.#looks.size;
  }

  /** Why an image must not be scored, or undefined where nothing speaks against it. */
  leakOf({ id, hash }: ImageFingerprint): Leak | undefined {
    if (this.#hasId(canonicalImageId(id), hash)) return { id, reason: 'same id' };
    const set = PARTS.find(({ name }) => name.test(id))?.sets.find((part) => this.#sets.includes(part));
    if (set !== undefined) return { id, reason: `an image of ${set}` };
    const twin = hash && this.#hashes.nearest(hash, SAME_PHOTOGRAPH_BITS);
    return twin && { id, reason: `looks like ${twin.id}` };
  }

  /** Numbers of COCO and Flickr say which photograph it is; any other name may mean another image in another set, which its
   * look tells. */
  #hasId(name: string, hash: ImageHash | undefined): boolean {
    if (!this.#looks.has(name)) return false;
    const known = this.#looks.get(name);
    if (/^(?:coco|flickr):/u.test(name) || !known || !hash) return true;
    return hashDistance(known, hash) <= SAME_PHOTOGRAPH_BITS;
  }
}

/** Refuses to score images that were trained on.
 * @throws {LeakError} naming them. */
export function refuseLeaks(scored: Iterable<ImageFingerprint>, trained: TrainedImages): void {
  const guard = new LeakGuard(trained);
  raiseLeaks([...scored].flatMap((image) => guard.leakOf(image) ?? []));
}

/** @throws {LeakError} if there are any; the first ten are named. */
export function raiseLeaks(leaks: readonly Leak[]): void {
  if (leaks.length === 0) return;
  const named = leaks.slice(0, 10).map(({ id, reason }) => `${id} (${reason})`);
  const more = leaks.length > named.length ? ` and ${String(leaks.length - named.length)} more` : '';
  const message = `expected images to score that were not trained on, got ${named.join(', ')}${more}`;
  throw new LeakError(
    message,
    leaks.map(({ id }) => id),
  );
}

/** One name for an image that several sets hold: COCO's number, whatever its year and part (XTD, Karpathy's splits), and
 * Flickr's number (Flickr30k, and Flickr8k, which adds a secret); else the file name without folder and extension, and without the `#1` of an augmented copy. */
export function canonicalImageId(id: string): string {
  const stem = id
    .replace(/#\d+$/u, '')
    .replace(/^.*[/\\]/u, '')
    .replace(/\.(?:jpe?g|png|webp)$/iu, '');
  const coco = /^(?:COCO_(?:train|val|test)20\d\d_)?(?<number>\d{12})$/u.exec(stem)?.groups?.number;
  if (coco !== undefined) return `coco:${String(Number(coco))}`;
  const flickr = /^(?<number>\d{5,11})(?:_[\da-f]{10})?$/u.exec(stem)?.groups?.number;
  return flickr === undefined ? stem : `flickr:${flickr}`;
}
