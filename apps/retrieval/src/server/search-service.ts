import { join } from 'node:path';

import {
  combineVectors,
  facetsOf,
  FeedbackLog,
  openForIndexing,
  openImageIndex,
  rankImages,
  repairQuery,
  rocchio,
  type Feedback,
  type ImageIndex,
  type Metadata,
  type MetadataFilter,
  type RelevanceCurve,
  type Vocabulary,
} from '@azclip/retrieval';
import { updateIndex } from '@azclip/retrieval/indexing';
import type { z } from '@hono/zod-openapi';
import sharp from 'sharp';

import { embedImage } from '../embed-image.ts';
import { openEmbedder, type Embedder } from '../embedder.ts';
import { examplesOf } from '../examples-of.ts';
import { vocabularyOf } from '../vocabulary-of.ts';
import { httpError } from './http-error.ts';
import { inBatches } from './in-batches.ts';
import type { indexAnswer, searchAnswer } from './schemas.ts';
import type { ServeOptions } from './serve-options.ts';

type SearchAnswer = z.infer<typeof searchAnswer>;

/** Which part of a ranking. */
interface Page {
  readonly k: number;
  readonly offset: number;
  readonly filter?: MetadataFilter | undefined;
}

/** What is read of an index once, when it is opened. */
interface OpenIndex {
  readonly index: ImageIndex;
  readonly vocabulary: Vocabulary;
  readonly facets: z.infer<typeof indexAnswer>['facets'];
  readonly examples: readonly string[];
}

/** Most queries in one run of the text tower: the gain is there at eight, and nobody waits long for the others. */
const MOST_QUERIES = 8;

/** The model and the index behind a server: what the routes ask. */
export class SearchService {
  readonly #options: ServeOptions;
  readonly #embedder: Embedder;
  readonly #embedText: (text: string) => Promise<Float32Array>;
  readonly #feedback: FeedbackLog;
  #open: OpenIndex;
  #indexing: Promise<void> | undefined;
  #reopening: Promise<void> | undefined;
  readonly #stop = new AbortController();

  private constructor(options: ServeOptions, embedder: Embedder, feedback: FeedbackLog, open: OpenIndex) {
    this.#options = options;
    this.#embedder = embedder;
    const one = (text: string): Promise<Float32Array> => embedder.embed([text]);
    // in 8 bits the rows of a run share a scale: an answer would depend on who else asks
    this.#embedText = options.variant === 'int8' ? one : inBatches((texts) => embedder.embed(texts), MOST_QUERIES);
    this.#feedback = feedback;
    this.#open = open;
  }

  /** Opens model, index and judgements, and runs the text tower once, so that the first visitor need not wait. */
  static async open(options: ServeOptions): Promise<SearchService> {
    const { model, variant } = options;
    const embedder = await openEmbedder(model, variant ? { variant } : {});
    const open = await openIndex(options, embedder);
    await embedder.embed(['']);
    return new SearchService(options, embedder, await FeedbackLog.open(join(options.index, 'feedback.jsonl')), open);
  }

  /** Images that fit words; judgements of the session on the same words move the query. */
  async search(text: string, page: Page, session?: string): Promise<SearchAnswer> {
    const query = await this.#embedText(text);
    const { liked, disliked } = session ? this.#feedback.judgements(session, text) : { liked: [], disliked: [] };
    const moved = rocchio(query, await this.#vectors(liked), await this.#vectors(disliked));
    const suggestions = repairQuery(text, this.#open.vocabulary);
    const wasJudged = liked.length + disliked.length > 0; // then parts of images are in the query, and scores are others
    const { relevance: curve } = this.#embedder.config;
    return { ...(await this.#rank(moved, page, wasJudged ? undefined : curve)), suggestions };
  }

  /** Images that look like an uploaded one and, where there are words, fit them as well. */
  async searchByImage(bytes: Uint8Array, text: string, page: Page): Promise<SearchAnswer> {
    const image = await this.#embedUpload(bytes);
    if (text.trim() === '') return this.#rank(image, page);
    return this.#rank(
      combineVectors([
        [image, 0.5],
        [await this.#embedText(text), 0.5],
      ]),
      page,
    );
  }

  /** Images that look like one of the index. */
  async similar(id: string, page: Page): Promise<SearchAnswer> {
    const [vector] = await this.#vectors([id]);
    if (vector === undefined) throw httpError(404, `id: expected an image of the index, got ${id}`);
    return this.#rank(vector, page);
  }

  /** Metadata of an image. */
  async metadata(id: string): Promise<Metadata | undefined> {
    return (await this.#open.index.store.get([id]))[0]?.metadata;
  }

  /** Folder of the images. */
  get images(): string {
    return this.#open.index.info.images;
  }

  /** Writes a judgement down. */
  async judge(feedback: Feedback): Promise<void> {
    if ((await this.metadata(feedback.id)) === undefined) {
      throw httpError(404, `id: expected an image of the index, got ${feedback.id}`);
    }
    await this.#feedback.add(feedback);
  }

  /** What the index is. */
  async describe(): Promise<z.infer<typeof indexAnswer>> {
    const { index, facets, examples } = this.#open;
    const { info, store } = index;
    const { language, imageTower, textTower, fingerprint } = this.#embedder.config;
    const total = await store.size();
    const [indexing, rejected] = [this.#indexing !== undefined, info.rejected.length];
    const model = { language, imageTower, textTower, fingerprint };
    return { total, ...model, indexing, rejected, facets, examples: [...examples] };
  }

  /** Starts bringing the index up to date with its folder, unless that is under way; searches go on meanwhile. */
  startIndexing(onError: (error: unknown) => void): void {
    this.#indexing ??= this.#update()
      .catch(onError)
      .finally(() => (this.#indexing = undefined));
  }

  /** Reads the index again where another process has put a newer one in its place. */
  async refresh(): Promise<void> {
    if (!(await this.#open.index.store.isOutdated())) return;
    this.#reopening ??= this.#reopen().finally(() => (this.#reopening = undefined));
    await this.#reopening;
  }

  /** Ends indexing after its batch and frees everything. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#indexing;
    await this.#feedback.close();
    await this.#open.index.store.close();
    await this.#embedder.dispose();
  }

  async #update(): Promise<void> {
    const { signal } = this.#stop;
    const index = await openForIndexing(this.#options.index, this.images, this.#embedder.config);
    try {
      for await (const report of updateIndex(index, this.#embedder, { signal })) if (report.done < 0) break;
    } finally {
      await index.store.close();
    }
    await this.#reopen();
  }

  async #reopen(): Promise<void> {
    const old = this.#open;
    this.#open = await openIndex(this.#options, this.#embedder);
    await old.index.store.close();
  }

  async #rank(query: Float32Array, { filter, ...page }: Page, curve?: RelevanceCurve): Promise<SearchAnswer> {
    const { index } = this.#open;
    const { duplicatesFrom } = this.#options;
    const options = { ...page, duplicatesFrom, ...(curve && { curve }), ...(filter && { filter }) };
    const { hits, relevance } = await rankImages(index.store, query, options);
    return {
      hits: hits.map(({ id, score, metadata, duplicates }) => ({
        ...{ id, score, file: String(metadata['file'] ?? id), duplicates: duplicates.map((hit) => hit.id) },
        ...(metadata['caption'] === undefined ? {} : { caption: String(metadata['caption']) }),
      })),
      total: await index.store.size(),
      relevance: relevance ?? null,
      suggestions: [],
    };
  }

  async #vectors(ids: readonly string[]): Promise<Float32Array[]> {
    const items = await this.#open.index.store.get(ids);
    return items.flatMap((item) => (item ? [item.vector] : []));
  }

  async #embedUpload(bytes: Uint8Array): Promise<Float32Array> {
    const { width, height } = await sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch(() => ({ width: 0, height: 0 }));
    if (width === 0)
      throw httpError(415, 'image: expected a JPEG, PNG, WebP, GIF, TIFF or AVIF file, got something else');
    if (width * height > this.#options.maxPixels) {
      const [expected, got] = [this.#options.maxPixels, width * height].map((pixels) => (pixels / 1e6).toFixed(1));
      throw httpError(413, `image: expected at most ${expected ?? ''} megapixels, got ${got ?? ''}`);
    }
    return embedImage(this.#embedder, { bytes, name: 'image' });
  }
}

async function openIndex({ index: folder }: ServeOptions, embedder: Embedder): Promise<OpenIndex> {
  const index = await openImageIndex(folder, embedder.config);
  await index.store.prepare();
  const items = Array.from(index.store.items());
  return { index, vocabulary: vocabularyOf(embedder, items), facets: facetsOf(items), examples: examplesOf(items) };
}
