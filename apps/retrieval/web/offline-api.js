import * as ort from './lib/ort.wasm.min.mjs';
import { Tokenizer } from './lib/tokenizers.min.mjs';

/** The functions of server-api.js for a page without a server: the text tower runs here, over vectors loaded once. */

/** A failed call. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** There is nobody to keep judgements. */
export const canJudge = false;

/** The image tower is not part of the site. */
export const canUpload = false;

const get = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new ApiError(response.status, `${path}: ${response.statusText}`);
  return response;
};
const json = async (path) => (await get(path)).json();
const bytes = async (path) => (await get(path)).arrayBuffer();

ort.env.wasm.wasmPaths = new URL('./lib/', import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need headers that a plain file server does not send

let opened;
function open() {
  opened ??= Promise.all([
    json('model/config.json'),
    json('model/tokenizer.json').then((description) => new Tokenizer(description, {})),
    bytes('model/text.onnx').then((model) => ort.InferenceSession.create(model)),
    bytes('index/vectors.bin').then((buffer) => new Float32Array(buffer)),
    json('index/images.json'),
  ]);
  return opened;
}

/** Ranks the images for `{ text, id }`. */
export async function search({ text, id }, { k, offset, filter }) {
  const [config, tokenizer, session, vectors, { images }] = await open();
  const dim = config.embedDim;
  const row = images.findIndex((image) => image.id === id);
  const query = id ? vectors.subarray(row * dim, (row + 1) * dim) : await embed(text, config, tokenizer, session);
  const wanted = Object.entries(filter);
  const scores = images
    .map((image, i) => ({ image, score: dot(query, vectors, i * dim) }))
    .filter(({ image: { facts } }) => wanted.every(([key, value]) => facts[key] === value));
  const ranked = scores.sort((a, b) => b.score - a.score).slice(offset, offset + k);
  const relevance =
    text && !id && config.relevance ? chanceOf(scores[0]?.score, images.length, config.relevance) : null;
  const hits = ranked.map(({ image, score }) => ({
    id: image.id,
    file: image.file,
    caption: image.caption,
    score,
    duplicates: [],
  }));
  return { hits, total: images.length, relevance, suggestions: [] };
}

/** Keys that searches can be narrowed by, with their values. */
export async function facets() {
  const [, , , , index] = await open();
  return index.facets;
}

/** `relevance` of @azclip/retrieval. */
function chanceOf(score, count, { offset, perScore, perSize }) {
  return 1 / (1 + Math.exp(-(offset + perScore * score + perSize * Math.sqrt(2 * Math.log(Math.max(1, count))))));
}

/** Address of an image; the site has thumbnails only. */
export function imageUrl(id) {
  return `thumbnails/${encodeURIComponent(id)}.webp`;
}

async function embed(text, { contextLength }, tokenizer, session) {
  const { ids } = tokenizer.encode(text);
  const cut = ids.length <= contextLength ? ids : [...ids.slice(0, contextLength - 1), ...ids.slice(-1)];
  const dims = [1, cut.length];
  const feeds = {
    ids: new ort.Tensor('int32', Int32Array.from(cut), dims),
    mask: new ort.Tensor('float32', new Float32Array(cut.length).fill(1), dims),
  };
  return (await session.run(feeds)).features.data;
}

function dot(query, vectors, start) {
  let sum = 0;
  for (let i = 0; i < query.length; i += 1) sum += query[i] * vectors[start + i];
  return sum;
}
