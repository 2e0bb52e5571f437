import { join } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import { encodeGraph } from '../graph/encode-graph.ts';
import { createModelConfig } from '../model/model-fingerprint.ts';
import type { ModelConfig } from '../model/model-config.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Words the test model knows, each with the colour that it means. */
export const testColors = {
  qırmızı: [1, 0, 0],
  yaşıl: [0, 1, 0],
  mavi: [0, 0, 1],
  sarı: [1, 1, 0],
  ağ: [1, 1, 1],
  qara: [0.1, 0.1, 0.1],
} as const;

const size = 8;
const preprocessing: ModelConfig['preprocessing'] = {
  size,
  resize: size,
  fit: 'squash',
  interpolation: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Writes a model folder small enough for tests that still means something: an image's feature is its mean colour, a
 * text's the mean of the colours it names (`testColors`), so that «qırmızı» finds the red images.
 * @returns its configuration. */
export async function writeTestModel(folder: string, settings: Partial<ModelConfig> = {}): Promise<ModelConfig> {
  const words = [...special, ...Object.keys(testColors)];
  const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
  const tokenizer = JSON.stringify(wordPiece(vocab));
  const parts = { image: imageGraph(), text: textGraph(), tokenizer, preprocessing };
  const known = { imageTower: 'mean-color', textTower: 'color-words', embedDim: 3, contextLength: 16 };
  const config = createModelConfig({ ...known, language: 'az', lowercase: true, logitScale: 20, ...settings }, parts);
  await writeFileAtomic(join(folder, 'image.onnx'), parts.image);
  await writeFileAtomic(join(folder, 'text.onnx'), parts.text);
  await writeFileAtomic(join(folder, 'tokenizer.json'), tokenizer);
  await writeFileAtomic(join(folder, 'config.json'), JSON.stringify(config, null, 2));
  return config;
}

const unitRows = (rows: string): Parameters<typeof encodeGraph>[0]['nodes'] => [
  { op: 'LpNormalization', inputs: [rows], outputs: ['features'], attributes: { axis: 1, p: 2 } },
];

function imageGraph(): Uint8Array {
  return encodeGraph({
    inputs: [{ name: 'pixels', type: 'float32', shape: ['batch', size, size, 3] }],
    outputs: [{ name: 'features', type: 'float32', shape: ['batch', 3] }],
    constants: [],
    nodes: [
      { op: 'ReduceMean', inputs: ['pixels'], outputs: ['mean'], attributes: { axes: [1, 2], keepdims: 0 } },
      ...unitRows('mean'),
    ],
  });
}

function textGraph(): Uint8Array {
  const unknown = [0.01, 0.01, 0.01];
  const table = Float32Array.from([special.map(() => unknown), Object.values(testColors)].flat(2));
  return encodeGraph({
    inputs: [
      { name: 'ids', type: 'int32', shape: ['batch', 'tokens'] },
      { name: 'mask', type: 'float32', shape: ['batch', 'tokens'] },
    ],
    outputs: [{ name: 'features', type: 'float32', shape: ['batch', 3] }],
    constants: [
      { name: 'table', type: 'float32', shape: [table.length / 3, 3], data: table },
      { name: 'last', type: 'int64', shape: [1], data: BigInt64Array.of(2n) },
      { name: 'tokenAxis', type: 'int64', shape: [1], data: BigInt64Array.of(1n) },
    ],
    nodes: [
      { op: 'Gather', inputs: ['table', 'ids'], outputs: ['colors'] },
      { op: 'Unsqueeze', inputs: ['mask', 'last'], outputs: ['weights'] },
      { op: 'Mul', inputs: ['colors', 'weights'], outputs: ['weighted'] },
      { op: 'ReduceSum', inputs: ['weighted', 'tokenAxis'], outputs: ['sum'], attributes: { keepdims: 0 } },
      ...unitRows('sum'),
    ],
  });
}

function wordPiece(vocab: Readonly<Record<string, number>>): object {
  const specialTokens = Object.fromEntries(
    ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [vocab[token]], tokens: [token] }]),
  );
  const piece = (id: string): object => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = { Sequence: { id: 'A', type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      ...{ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [piece('[CLS]'), sequence, piece('[SEP]')],
      pair: [piece('[CLS]'), sequence, piece('[SEP]'), { Sequence: { id: 'B', type_id: 1 } }, piece('[SEP]')],
      special_tokens: specialTokens,
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab,
    },
  };
}
