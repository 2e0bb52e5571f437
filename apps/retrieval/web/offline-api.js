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

/** What can run the text tower here: WebGPU where the site has that build, the browser can wait for it (JSPI) and has a
 * graphics processor of its own; else WebAssembly. `?engine=webgpu` or `?engine=wasm` in the address chooses by hand. */
async function engines({ webgpu }) {
  const chosen = new URLSearchParams(location.search).get('engine');
  if (!webgpu || chosen === 'wasm' || !('Suspending' in WebAssembly)) return ['wasm'];
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return adapter && (chosen === 'webgpu' || !adapter.info.isFallbackAdapter) ? ['webgpu', 'wasm'] : ['wasm'];
}

async function loadTower(config, model) {
  const [engine, ...others] = await engines(config);
  try {
    return await startTower(engine, model);
  } catch (error) {
    if (others.length === 0) throw error;
    return startTower(others[0], model);
  }
}

async function startTower(engine, model) {
  const ort = await import(engine === 'webgpu' ? './lib/ort.jspi.min.mjs' : './lib/ort.wasm.min.mjs');
  ort.env.wasm.wasmPaths = new URL('./lib/', import.meta.url).href;
  ort.env.wasm.numThreads = 1; // more need headers that a plain file server does not send
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(model, { executionProviders: [engine] });
  const tower = { engine, Tensor: ort.Tensor, session };
  await features(tower, [0, 0]); // compiles what runs, and fails here where a driver cannot
  return tower;
}

let opened;
function open() {
  opened ??= load();
  return opened;
}

function load() {
  const config = json('model/config.json');
  return Promise.all([
    config,
    json('model/tokenizer.json').then((description) => new Tokenizer(description, {})),
    Promise.all([config, bytes('model/text.onnx')]).then((loaded) => loadTower(...loaded)),
    bytes('index/vectors.bin').then((buffer) => new Float32Array(buffer)),
    json('index/images.json'),
  ]);
}

/** What runs the text tower: 'WebGPU' or 'WebAssembly'. */
export async function engine() {
  const [, , tower] = await open();
  return tower.engine === 'webgpu' ? 'WebGPU' : 'WebAssembly';
}

/** Ranks the images for `{ text, id }`. */
export async function search({ text, id }, { k, offset, filter }) {
  const [config, tokenizer, tower, vectors, { images }] = await open();
  const dim = config.embedDim;
  const row = images.findIndex((image) => image.id === id);
  const query = id ? vectors.subarray(row * dim, (row + 1) * dim) : await embed(text, config, tokenizer, tower);
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

/** What is searched: the number of images, facts to narrow by, and examples of what can be looked for. */
export async function overview() {
  const [, , , , { facets, examples, images }] = await open();
  return { facets, examples, total: images.length };
}

/** `relevance` of @azclip/retrieval. */
function chanceOf(score, count, { offset, perScore, perSize }) {
  return 1 / (1 + Math.exp(-(offset + perScore * score + perSize * Math.sqrt(2 * Math.log(Math.max(1, count))))));
}

/** Address of an image; the site has thumbnails only. */
export function imageUrl(id) {
  return `thumbnails/${encodeURIComponent(id)}.webp`;
}

function embed(text, { contextLength }, tokenizer, tower) {
  const { ids } = tokenizer.encode(text);
  return features(tower, ids.length <= contextLength ? ids : [...ids.slice(0, contextLength - 1), ...ids.slice(-1)]);
}

async function features({ Tensor, session }, ids) {
  const dims = [1, ids.length];
  const feeds = {
    ids: new Tensor('int32', Int32Array.from(ids), dims),
    mask: new Tensor('float32', new Float32Array(ids.length).fill(1), dims),
  };
  return (await session.run(feeds)).features.data;
}

function dot(query, vectors, start) {
  let sum = 0;
  for (let i = 0; i < query.length; i += 1) sum += query[i] * vectors[start + i];
  return sum;
}
