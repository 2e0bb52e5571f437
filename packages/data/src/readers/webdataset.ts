import { InputError } from '@azclip/base';
import { z } from 'zod';

import { raiseIssue } from '../issue.ts';
import type { ImageSource, Pair, Split } from '../pair.ts';
import { localCopy } from '../remote/local-copy.ts';
import { isUrl } from '../remote/open-url.ts';
import { readTar, type TarEntry } from '../tar/read-tar.ts';
import { expandPaths } from './expand-paths.ts';
import { IMAGE_NAME } from './folder.ts';
import type { ReadOptions } from './read-options.ts';
import type { WebdatasetConfig } from './reader-configs.ts';

/** Files that hold what is said of an image. */
const TEXT_NAME = /\.(?:txt|json)$/iu;

/** Files of one stem, by what follows the first dot of their name. */
interface Sample {
  readonly key: string;
  readonly files: Map<string, TarEntry>;
}

/** Streams the samples of tar files in order, one in memory at a time; of the images in a local tar only where they stand.
 * @see https://github.com/webdataset/webdataset#the-webdataset-format
 * @throws {InputError} if a tar cannot be read, or, under `onInvalid: fail`, at the first wrong sample. */
export async function* readWebdataset(
  config: WebdatasetConfig,
  split: Split,
  options: ReadOptions = {},
): AsyncGenerator<Pair> {
  if (config.files[split].length === 0) throw new InputError(`webdataset: expected files.${split}, got none`);
  for (const location of await expandPaths(config.files[split])) {
    const { imageCache } = options;
    const tar = isUrl(location) && imageCache !== undefined ? await localCopy(location, imageCache) : location;
    for await (const sample of samplesOf(location, tar, config, options)) {
      const pair = pairOf(sample, { location, tar }, config, options);
      if (pair) yield pair;
    }
  }
}

async function* samplesOf(
  location: string,
  tar: string,
  { onInvalid }: WebdatasetConfig,
  { onIssue }: ReadOptions,
): AsyncGenerator<Sample> {
  let sample: Sample | undefined;
  for await (const entry of readTar(tar, (name) => isUrl(tar) || TEXT_NAME.test(name))) {
    if ('problem' in entry) {
      raiseIssue(
        { kind: 'malformed', place: `${location}: ${entry.name}`, message: entry.problem },
        onInvalid,
        onIssue,
      );
      continue;
    }
    const { key = '', extension = '' } =
      /^(?<key>(?:.*\/)?[^/.]+)\.(?<extension>[^/]+)$/u.exec(entry.name)?.groups ?? {};
    if (key === '') continue; // hidden files and files without extension belong to no sample
    if (sample && sample.key !== key) yield sample;
    if (sample?.key !== key) sample = { key, files: new Map() };
    sample.files.set(extension.toLowerCase(), entry);
  }
  if (sample) yield sample;
}

function pairOf(
  { key, files }: Sample,
  { location, tar }: { readonly location: string; readonly tar: string },
  config: WebdatasetConfig,
  { onIssue }: ReadOptions,
): Pair | undefined {
  const place = `${location}: ${key}`;
  const image = [...files.values()].find(({ name }) => IMAGE_NAME.test(name));
  const problem = { kind: 'missing-image', place, message: 'expected an image, got none' } as const;
  if (!image) {
    raiseIssue(problem, config.onInvalid, onIssue);
    return undefined;
  }
  const { id, captions, weights, hash, fault } = captionsOf(files, config.captionKey);
  if (captions.length > 0) {
    const source = sourceOf(image, tar, `${location}: ${image.name}`);
    const known = { ...(weights ? { weights } : {}), ...(hash === undefined ? {} : { hash }) };
    return { imageId: id ?? key, image: source, captions, ...known };
  }
  const kind = fault === undefined ? 'no-captions' : 'malformed';
  const message = fault ?? `expected captions in ${key}.txt or ${key}.json, got none`;
  raiseIssue({ kind, place, message }, config.onInvalid, onIssue);
  return undefined;
}

const sourceOf = ({ bytes, start, size }: TarEntry, tar: string, name: string): ImageSource =>
  bytes ? { bytes, name } : { archive: tar, start, length: size, name };

interface SampleText {
  readonly id?: string;
  readonly captions: readonly string[];
  readonly weights?: readonly number[];
  readonly hash?: string;
  readonly fault?: string;
}

function captionsOf(files: Sample['files'], captionKey: string): SampleText {
  const tidy = (texts: readonly string[]): string[] => texts.map((text) => text.trim()).filter((text) => text !== '');
  const json = files.get('json');
  const text = files.get('txt');
  const lines = text?.bytes ? Buffer.from(text.bytes).toString('utf8').split(/\r?\n/u) : [];
  if (!json?.bytes) return { captions: tidy(lines) };
  const texts = z.union([z.string(), z.array(z.string())]).optional();
  const parsed = z
    .looseObject({ [captionKey]: texts, weights: z.array(z.number().gt(0).max(1)).optional() })
    .safeParse(parseJson(json.bytes));
  if (!parsed.success) {
    return { captions: [], fault: `${json.name}: expected an object with texts under "${captionKey}"` };
  }
  const [id, hash] = ['id', 'hash'].map((key) => textOf(parsed.data[key]));
  const weights = parsed.data.weights as readonly number[] | undefined;
  const captions = tidy([...lines, ...[(parsed.data[captionKey] ?? []) as string | string[]].flat()]);
  if (weights && weights.length !== captions.length) {
    return { captions: [], fault: `${json.name}: expected one weight a caption` };
  }
  const said = { ...(id === undefined ? {} : { id }), ...(hash === undefined ? {} : { hash }) };
  return { captions, ...said, ...(weights ? { weights } : {}) };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
