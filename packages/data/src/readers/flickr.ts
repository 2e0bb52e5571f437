import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, readLines } from '@azclip/base';

import { raiseIssue } from '../issue.ts';
import type { Pair, Split } from '../pair.ts';
import { groupCaptions, type CaptionGroup, type CaptionLine } from './caption-groups.ts';
import { readCsvTable } from './csv-table.ts';
import { flickrMembers } from './flickr-members.ts';
import type { ReadOptions } from './read-options.ts';
import type { FlickrConfig } from './reader-configs.ts';
import { underRoot } from './under-root.ts';

/** Where the published forms keep their files. */
const FORMS = {
  flickr8k: {
    token: { images: 'images', captions: 'Flickr8k.token.txt' },
    csv: { images: 'Images', captions: 'captions.txt', delimiter: ',', image: 'image', caption: 'caption' },
  },
  flickr30k: {
    token: { images: 'flickr30k-images', captions: 'results_20130124.token' },
    csv: {
      images: 'flickr30k_images',
      captions: 'results.csv',
      delimiter: '|',
      image: 'image_name',
      caption: 'comment',
    },
  },
} as const;

/** Reads Flickr8k or Flickr30k, or any folder of images with a file of captions of one of their forms; the captions stand
 * in memory, the images do not.
 * @throws {InputError} if a file is missing, a split list is wrong, or, under `onInvalid: fail`, at the first wrong item. */
export async function* readFlickr(config: FlickrConfig, split: Split, options: ReadOptions = {}): AsyncGenerator<Pair> {
  const form = FORMS[config.reader][config.form];
  const folder = underRoot(config.root, config.images ?? form.images);
  const captionFile = underRoot(config.root, config.captions ?? form.captions);
  const images = new Set(await namesIn(folder));
  const captions = await groupCaptions(linesOf(captionFile, config, options), config.onInvalid, options);
  for (const { name, place } of await flickrMembers(config, split, { folder, images, captions })) {
    const group: CaptionGroup | undefined = captions.get(name);
    if (!group) {
      const message = `expected an image of ${captionFile}, got "${name}", which has no caption there`;
      raiseIssue({ kind: 'no-captions', place, message }, config.onInvalid, options.onIssue);
    } else if (!images.has(name)) {
      const message = `expected an image of ${folder}, got "${name}", which is not there`;
      raiseIssue({ kind: 'missing-image', place: group.place, message }, config.onInvalid, options.onIssue);
    } else {
      yield { imageId: name, image: { path: join(folder, name) }, captions: group.captions };
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new InputError(`${folder}: expected a folder of images, got ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

async function* linesOf(path: string, config: FlickrConfig, { onIssue }: ReadOptions): AsyncGenerator<CaptionLine> {
  const lines = config.form === 'token' ? tokenLines(path) : tableLines(path, FORMS[config.reader].csv);
  for await (const line of lines) {
    if (!('problem' in line)) yield line;
    else raiseIssue({ kind: 'malformed', place: line.place, message: line.problem }, config.onInvalid, onIssue);
  }
}

/** A line that holds no caption. */
interface BadLine {
  readonly problem: string;
  readonly place: string;
}

async function* tokenLines(path: string): AsyncGenerator<CaptionLine | BadLine> {
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const place = `${path}:${String(number)}`;
    const match = /^(?<image>[^\t/\\]+)#\d+\t(?<caption>.*)$/u.exec(text)?.groups;
    if (match) yield { image: match.image ?? '', caption: match.caption ?? '', place };
    else yield { problem: `expected "name.jpg#0<tab>caption", got ${JSON.stringify(text.slice(0, 60))}`, place };
  }
}

async function* tableLines(
  path: string,
  form: { readonly delimiter: string; readonly image: string; readonly caption: string },
): AsyncGenerator<CaptionLine | BadLine> {
  const cell = (values: ReadonlyMap<string, string>, column: string): string => values.get(column)?.trim() ?? '';
  for await (const { values, place } of readCsvTable(path, form.delimiter, [form.image, form.caption])) {
    const image = cell(values, form.image);
    if (/^[^/\\]+$/u.test(image)) yield { image, caption: cell(values, form.caption), place };
    else yield { problem: `expected an image name, got ${JSON.stringify(image.slice(0, 60))}`, place };
  }
}
