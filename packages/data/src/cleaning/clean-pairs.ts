import { createHash } from 'node:crypto';

import { decodeImage } from '../image/decode-image.ts';
import { CorruptImageError } from '../image/decode-with-libvips.ts';
import type { Pair, Split } from '../pair.ts';
import { CAPTION_RULES } from './caption-rules.ts';
import type { CleaningConfig, CleaningRule } from './config.ts';
import { HashIndex } from './hash-index.ts';
import { imageHash, type ImageHash } from './image-hash.ts';
import type { LedgerEntry } from './ledger.ts';

/** A pair that passed, with the look of its image. */
export interface CleanPair {
  readonly pair: Pair;
  readonly hash: ImageHash;
}

/** Images seen so far, of all parts that are cleaned one after the other. */
export class SeenImages {
  readonly ids = new Set<string>();
  /** Image id by digest of the pixels. */
  readonly digests = new Map<string, string>();
  readonly hashes = new HashIndex();
}

/** What to clean by and where to tell. */
export interface CleanPairsOptions {
  readonly config: CleaningConfig;
  readonly split: Split;
  /** Shared by the parts of a set: clean test first, then dev, then train, so that train loses what would leak. */
  readonly seen: SeenImages;
  /** Hears of everything that is dropped or repaired. */
  readonly onEntry: (entry: LedgerEntry) => void;
  /** Images decoded at the same time; default 4. */
  readonly concurrency?: number;
}

/** Applies the rules to a stream of pairs, in order; whatever is mended or dropped is told. */
export async function* cleanPairs(pairs: AsyncIterable<Pair>, options: CleanPairsOptions): AsyncGenerator<CleanPair> {
  const waiting: Promise<Looked>[] = [];
  for await (const pair of pairs) {
    const kept = cleanCaptions(pair, options);
    if (!kept) continue;
    waiting.push(look(kept));
    if (waiting.length < (options.concurrency ?? 4)) continue;
    const passed = passImage(await (waiting.shift() as Promise<Looked>), options);
    if (passed) yield passed;
  }
  for (const looking of waiting) {
    const passed = passImage(await looking, options);
    if (passed) yield passed;
  }
}

const isOn = ({ config }: CleanPairsOptions, rule: CleaningRule): boolean => !config.off.includes(rule);

/** The pair with its good captions, or nothing where it is dropped. */
function cleanCaptions(pair: Pair, options: CleanPairsOptions): Pair | undefined {
  const { config, seen } = options;
  const dropImage = (rule: CleaningRule, detail: string): undefined => {
    options.onEntry({ rule, action: 'drop-image', split: options.split, image: pair.imageId, detail });
  };
  if (isOn(options, 'duplicate-id') && seen.ids.has(pair.imageId)) {
    dropImage('duplicate-id', 'an id seen before');
    return;
  }
  seen.ids.add(pair.imageId);
  const captions: string[] = [];
  const weights: number[] = [];
  for (const [i, original] of pair.captions.entries()) {
    const caption = cleanCaption(original, pair.imageId, options);
    if (caption === undefined) continue;
    if (isOn(options, 'repeated-caption') && captions.includes(caption)) {
      const { split, onEntry } = options;
      const entry = { rule: 'repeated-caption', action: 'drop-caption', split, image: pair.imageId } as const;
      onEntry({ ...entry, caption: original, detail: 'a caption that the image has already' });
      continue;
    }
    captions.push(caption);
    weights.push(pair.weights?.[i] ?? 1);
  }
  const wanted = isOn(options, 'caption-count') ? config.captionsPerImage : 'any';
  if (captions.length === 0 || (wanted !== 'any' && captions.length !== wanted)) {
    dropImage('caption-count', `${String(captions.length)} captions, expected ${String(wanted)}`);
    return;
  }
  return { ...pair, captions, ...(pair.weights === undefined ? {} : { weights }) };
}

function cleanCaption(original: string, image: string, options: CleanPairsOptions): string | undefined {
  const { config, split, onEntry } = options;
  let caption = original;
  for (const { name, judge } of CAPTION_RULES) {
    const verdict = isOn(options, name) ? judge(caption, config) : undefined;
    if (!verdict) continue;
    const entry = { rule: name, split, image, caption, detail: verdict.detail };
    if (verdict.repaired === undefined) {
      onEntry({ ...entry, action: 'drop-caption' });
      return undefined;
    }
    onEntry({ ...entry, action: 'repair-caption', repaired: verdict.repaired });
    caption = verdict.repaired;
  }
  return caption;
}

/** A pair whose image was decoded, or why it was not. */
type Looked = { readonly pair: Pair } & (
  { readonly digest: string; readonly hash: ImageHash } | { readonly corrupt: CorruptImageError }
);

async function look(pair: Pair): Promise<Looked> {
  try {
    const image = await decodeImage(pair.image);
    const digest = createHash('sha256')
      .update(`${String(image.width)} `)
      .update(image.pixels)
      .digest('base64');
    return { pair, digest, hash: imageHash(image) };
  } catch (error) {
    if (error instanceof CorruptImageError) return { pair, corrupt: error };
    throw error;
  }
}

function passImage(looked: Looked, options: CleanPairsOptions): CleanPair | undefined {
  const { pair } = looked;
  const { config, seen, split, onEntry } = options;
  const drop = (rule: CleaningRule, detail: string): undefined => {
    onEntry({ rule, action: 'drop-image', split, image: pair.imageId, detail });
  };
  if ('corrupt' in looked) {
    drop('corrupt-image', looked.corrupt.message);
    return;
  }
  const twin = seen.digests.get(looked.digest);
  if (twin !== undefined && isOn(options, 'duplicate-image')) {
    drop('duplicate-image', `the pixels of ${twin}`);
    return;
  }
  const near = isOn(options, 'near-duplicate-image') && seen.hashes.nearest(looked.hash, config.nearDuplicateBits);
  if (near) {
    drop('near-duplicate-image', `${String(near.distance)} of 64 bits from ${near.id}`);
    return;
  }
  seen.digests.set(looked.digest, pair.imageId);
  seen.hashes.add(pair.imageId, looked.hash);
  return { pair, hash: looked.hash };
}
