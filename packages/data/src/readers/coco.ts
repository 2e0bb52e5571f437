import { InputError } from '@azclip/base';
import { z } from 'zod';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import type { CaptionGroup } from './caption-groups.ts';
import { readJsonElements } from './json-elements.ts';
import { pairsOfGroups } from './pairs-of-groups.ts';
import type { ReadOptions } from './read-options.ts';
import type { CocoConfig } from './reader-configs.ts';
import { underRoot } from './under-root.ts';

const imageRecord = z.looseObject({ id: z.int(), file_name: z.string().regex(/^[^/\\]+$/u, 'expected a file name') });
const annotationRecord = z.looseObject({ image_id: z.int(), caption: z.string() });

/** Reads the caption annotations of MS COCO. The file is streamed; captions and names stand in memory, the images do not.
 * @see https://cocodataset.org/#format-data
 * @throws {InputError} if the file or a key is missing, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readCoco(config: CocoConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const [annotations, images] = [config.annotations[split], config.images[split]];
  if (annotations === undefined || images === undefined) {
    throw new InputError(
      `${config.root}: expected annotations.${split} and images.${split}, got none: the test images of COCO have no ` +
        'published captions; read its usual test part with the reader "karpathy"',
    );
  }
  const path = underRoot(config.root, annotations);
  const groups = await groupsOf(path, config, options);
  yield* pairsOfGroups(groups, underRoot(config.root, images), config.onInvalid, options);
}

async function groupsOf(
  path: string,
  config: CocoConfig,
  { onIssue }: ReadOptions,
): Promise<Map<string, CaptionGroup>> {
  const names = new Map<number, string>();
  const captions = new Map<number, string[]>();
  const counts = { images: 0, annotations: 0 };
  for await (const { member, value } of readJsonElements(path)) {
    if (member === 'images') {
      const place = `${path}: images[${String(counts.images++)}]`;
      const { id, file_name: name } = parseRecord(imageRecord, value, place);
      names.set(id, name);
    } else if (member === 'annotations') {
      const place = `${path}: annotations[${String(counts.annotations++)}]`;
      const { image_id: id, caption } = parseRecord(annotationRecord, value, place);
      const text = caption.trim();
      const message = `expected a caption of image ${String(id)}, got none`;
      if (text === '') raiseIssue({ kind: 'empty-caption', place, message }, config.onInvalid, onIssue);
      else captions.set(id, [...(captions.get(id) ?? []), text]);
    }
  }
  if (counts.images === 0)
    throw new InputError(`${path}: expected the members "images" and "annotations", got no images`);
  return joined(path, names, captions, config, onIssue);
}

function joined(
  path: string,
  names: ReadonlyMap<number, string>,
  captions: ReadonlyMap<number, string[]>,
  { onInvalid }: CocoConfig,
  onIssue: ReadOptions['onIssue'],
): Map<string, CaptionGroup> {
  const groups = new Map<string, CaptionGroup>();
  for (const [id, name] of names) {
    const found = captions.get(id);
    const place = `${path}: image ${String(id)}`;
    if (found) groups.set(name, { captions: found, place });
    else raiseIssue({ kind: 'no-captions', place, message: 'expected captions, got none' }, onInvalid, onIssue);
  }
  for (const id of captions.keys()) {
    if (names.has(id)) continue;
    const message = `expected image ${String(id)} among "images", got captions of it alone`;
    raiseIssue({ kind: 'missing-image', place: path, message }, onInvalid, onIssue);
  }
  return groups;
}

/** Checks a record.
 * @throws {InputError} naming place and key. */
export function parseRecord<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid record'}`);
}
