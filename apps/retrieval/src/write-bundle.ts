import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { InputError, writeFileAtomic } from '@azclip/base';
import { facetsOf, type ImageIndex, type StoreItem } from '@azclip/retrieval';

import type { Embedder } from './embedder.ts';
import { thumbnail } from './server/send-image.ts';
import { webFolder } from './server/page-routes.ts';

/** Bytes of each part of a site. */
export type BundleSizes = Readonly<Record<'model' | 'vectors' | 'thumbnails' | 'runtime', number>>;

/** Writes a site that embeds queries with the text tower in the browser (onnxruntime-web) and compares them with the
 * float32 vectors of the index: the same numbers as the server's, hence the same hits.
 * @throws {InputError} if `out` holds files already. */
export async function writeBundle(embedder: Embedder, index: ImageIndex, out: string): Promise<BundleSizes> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new InputError(`${out}: expected an empty folder, got one with files`);
  const items = Array.from(index.store.items());
  const [runtime, model] = [await copyRuntime(out), await copyModel(embedder, out)];
  const sizes = { model, runtime, vectors: await writeVectors(embedder, items, out) };
  return { ...sizes, thumbnails: await writeThumbnails(index, items, out) };
}

async function copyRuntime(out: string): Promise<number> {
  const { resolve } = createRequire(import.meta.url);
  const ort = join(dirname(resolve('onnxruntime-web')), '../dist');
  const tokenizers = join(dirname(resolve('@huggingface/tokenizers')), 'tokenizers.min.mjs');
  const web = fileURLToPath(webFolder);
  const pages = ['index.html', 'style.css', 'page.js', 'view.js', 'strings.js', 'icon.svg'];
  const copies = [
    ...pages.map((file) => [join(web, file), file]),
    [join(web, 'offline-api.js'), 'api.js'],
    [tokenizers, 'lib/tokenizers.min.mjs'],
    ...['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map((file) => [
      join(ort, file),
      `lib/${file}`,
    ]),
  ] as [string, string][];
  let size = 0;
  await mkdir(join(out, 'lib'));
  for (const [from, to] of copies) {
    await copyFile(from, join(out, to));
    size += (await readFile(from)).length;
  }
  return size;
}

async function copyModel({ folder, files, tokenizer, config }: Embedder, out: string): Promise<number> {
  const text = await readFile(join(folder, files['text.onnx']));
  const pieces = JSON.stringify(tokenizer.toJson()); // with the normaliser's steps in it, whatever the file said
  await writeFileAtomic(join(out, 'model/text.onnx'), text);
  await writeFileAtomic(join(out, 'model/tokenizer.json'), pieces);
  const { embedDim, contextLength, relevance } = config;
  await writeFileAtomic(join(out, 'model/config.json'), JSON.stringify({ embedDim, contextLength, relevance }));
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
  await writeFileAtomic(join(out, 'index/images.json'), JSON.stringify({ facets, images: described }));
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
