import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { InputError, writeFileAtomic } from '@azclip/base';
import { facetsOf, type ImageIndex, type StoreItem } from '@azclip/retrieval';

import type { Embedder } from './embedder.ts';
import { examplesOf } from './examples-of.ts';
import { thumbnail } from './server/send-image.ts';
import { webFolder } from './server/page-routes.ts';

/** What a site is made of. */
export type BundlePart = 'model' | 'vectors' | 'thumbnails' | 'page' | 'WebAssembly' | 'WebGPU';

/** How a site is made. */
export interface BundleOptions {
  /** Whether to add the build of the runtime that uses WebGPU, for browsers that have it. */
  readonly webgpu?: boolean;
}

/** Writes a site that embeds queries with the text tower in the browser (onnxruntime-web) and compares them with the
 * float32 vectors of the index: the same numbers as the server's, hence the same hits.
 * @returns bytes of each part; of the two runtimes a visitor loads one.
 * @throws {InputError} if `out` holds files already. */
export async function writeBundle(
  embedder: Embedder,
  index: ImageIndex,
  out: string,
  { webgpu = false }: BundleOptions = {},
): Promise<ReadonlyMap<BundlePart, number>> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new InputError(`${out}: expected an empty folder, got one with files`);
  const items = Array.from(index.store.items());
  return new Map<BundlePart, number>([
    ['model', await copyModel(embedder, out, webgpu)],
    ['vectors', await writeVectors(embedder, items, out)],
    ['thumbnails', await writeThumbnails(index, items, out)],
    ['page', await copyPage(out)],
    ['WebAssembly', await copyRuntime(['ort.wasm.min.mjs', ...build('')], out)],
    ...(webgpu ? [['WebGPU', await copyRuntime(['ort.jspi.min.mjs', ...build('.jspi')], out)] as const] : []),
  ]);
}

const resolved = (name: string): string => dirname(createRequire(import.meta.url).resolve(name));

/** Files of a build of ONNX Runtime: JavaScript and WebAssembly. */
const build = (name: string): string[] => ['mjs', 'wasm'].map((ending) => `ort-wasm-simd-threaded${name}.${ending}`);

async function copyPage(out: string): Promise<number> {
  const web = fileURLToPath(webFolder);
  const files = ['index.html', 'style.css', 'page.js', 'view.js', 'strings.js', 'icon.svg'];
  const tokenizers = join(resolved('@huggingface/tokenizers'), 'tokenizers.min.mjs');
  const copies = [
    ...files.map((file) => [join(web, file), file] as const),
    [join(web, 'offline-api.js'), 'api.js'] as const,
    [tokenizers, 'lib/tokenizers.min.mjs'] as const,
  ];
  return copyAll(copies, out);
}

const copyRuntime = (files: readonly string[], out: string): Promise<number> =>
  copyAll(
    files.map((file) => [join(resolved('onnxruntime-web'), '../dist', file), `lib/${file}`] as const),
    out,
  );

async function copyAll(copies: readonly (readonly [string, string])[], out: string): Promise<number> {
  let size = 0;
  await mkdir(join(out, 'lib'), { recursive: true });
  for (const [from, to] of copies) {
    await copyFile(from, join(out, to));
    size += (await stat(from)).size;
  }
  return size;
}

async function copyModel(
  { folder, files, tokenizer, config }: Embedder,
  out: string,
  webgpu: boolean,
): Promise<number> {
  const text = await readFile(join(folder, files['text.onnx']));
  const pieces = JSON.stringify(tokenizer.toJson()); // with the normaliser's steps in it, whatever the file said
  await writeFileAtomic(join(out, 'model/text.onnx'), text);
  await writeFileAtomic(join(out, 'model/tokenizer.json'), pieces);
  const { embedDim, contextLength, relevance } = config;
  await writeFileAtomic(join(out, 'model/config.json'), JSON.stringify({ embedDim, contextLength, relevance, webgpu }));
  return text.length + Buffer.byteLength(pieces);
}

async function writeVectors({ config }: Embedder, items: readonly StoreItem[], out: string): Promise<number> {
  const vectors = new Float32Array(items.length * config.embedDim);
  for (const [row, { vector }] of items.entries()) vectors.set(vector, row * config.embedDim);
  const facets = facetsOf(items);
  const described = items.map(({ id, metadata }) => {
    const facts = Object.fromEntries(Object.entries(metadata).filter(([key]) => key in facets));
    return { id, file: metadata['file'], caption: metadata['caption'], facts };
  });
  await writeFileAtomic(join(out, 'index/vectors.bin'), new Uint8Array(vectors.buffer));
  await writeFileAtomic(
    join(out, 'index/images.json'),
    JSON.stringify({ facets, examples: examplesOf(items), images: described }),
  );
  return vectors.byteLength;
}

async function writeThumbnails(index: ImageIndex, items: readonly StoreItem[], out: string): Promise<number> {
  const folder = join(out, 'thumbnails');
  let size = 0;
  for (const { id, metadata } of items) {
    const { bytes } = await thumbnail(index.info.images, metadata, { folder, key: id });
    size += bytes.length;
  }
  return size;
}
