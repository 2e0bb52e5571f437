import { join } from 'node:path';

import { Command } from 'commander';
import { consola } from 'consola';

import { writeFileAtomic } from '@azclip/base';
import {
  FeedbackLog,
  indexedPath,
  openImageIndex,
  readModelConfig,
  type ImageIndex,
  type Judgements,
} from '@azclip/retrieval';

import { indexFolder, type IndexPlace } from '../open-index.ts';

interface FeedbackOptions extends IndexPlace {
  readonly out: string;
}

/** `retrieval feedback`: writes the judgements of an index's visitors as training data. */
export function feedbackCommand(): Command {
  return new Command('feedback')
    .description(
      'Writes judgements as a manifest that trainer:fit reads (liked images, with their queries as captions).',
    )
    .requiredOption('--model <folder>', 'model folder')
    .option('--images <folder>', 'folder of images whose index was searched')
    .option('--index <folder>', 'folder of the index')
    .requiredOption('--out <folder>', 'folder to write manifest.jsonl and hard-negatives.jsonl to')
    .action(exportFeedback);
}

async function exportFeedback({ out, ...place }: FeedbackOptions): Promise<void> {
  const folder = indexFolder(place);
  const index = await openImageIndex(folder, await readModelConfig(place.model));
  const log = await FeedbackLog.open(join(folder, 'feedback.jsonl'));
  const queries = log.byQuery();
  await log.close();
  const positives = await manifestLines(index, queries);
  const negatives = await negativeLines(index, queries);
  await writeFileAtomic(join(out, 'manifest.jsonl'), jsonLines(positives));
  await writeFileAtomic(join(out, 'hard-negatives.jsonl'), jsonLines(negatives));
  const [liked, disliked] = [positives.length, negatives.length].map(String);
  consola.success(`${liked ?? ''} images with captions, ${disliked ?? ''} queries with hard negatives: ${out}`);
}

type Queries = ReadonlyMap<string, Judgements>;

/** The `manifest` format of `@azclip/data`: an image with the queries it was liked for. */
async function manifestLines(index: ImageIndex, queries: Queries): Promise<object[]> {
  const captions = new Map<string, string[]>();
  for (const [query, { liked }] of queries) {
    if (query.startsWith('image:')) continue; // judged for likeness to a picture: there are no words to learn
    for (const id of liked) captions.set(id, [...(captions.get(id) ?? []), query]);
  }
  const paths = await pathsOf(index, [...captions.keys()]);
  return [...captions].flatMap(([id, texts]) => {
    const image = paths.get(id);
    return image === undefined ? [] : [{ id, image, split: 'train', captions: texts }];
  });
}

async function negativeLines(index: ImageIndex, queries: Queries): Promise<object[]> {
  const lines = [];
  for (const [query, { disliked }] of queries) {
    const images = [...(await pathsOf(index, disliked)).values()];
    if (images.length > 0 && !query.startsWith('image:')) lines.push({ query, images });
  }
  return lines;
}

async function pathsOf({ info, store }: ImageIndex, ids: readonly string[]): Promise<Map<string, string>> {
  const items = await store.get(ids);
  return new Map(
    items.flatMap((item) => {
      const path = item && indexedPath(info.images, item.metadata); // members of archives have none to train from
      return item && path !== undefined ? [[item.id, path] as const] : [];
    }),
  );
}

const jsonLines = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
