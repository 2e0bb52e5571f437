import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InputError } from '@azclip/base';

import { encodeGraph } from '../graph/encode-graph.ts';
import { testColors, writeTestModel } from '../testing/write-test-model.ts';
import { createModelConfig, sha256 } from './model-fingerprint.ts';
import { openModel } from './open-model.ts';
import { writeModelConfig } from './read-model-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
});
afterEach(() => rm(folder, { recursive: true }));

const plain = (red: number, green: number, blue: number): Float32Array =>
  Float32Array.from({ length: 8 * 8 * 3 }, (_, i) => [red, green, blue][i % 3] ?? 0);

describe('openModel', () => {
  it('embeds pixels through image.onnx: the unit vector of the mean colour', async () => {
    await writeTestModel(folder);
    const model = await openModel(folder);
    const rows = await model.embedImages(Float32Array.from([...plain(0.3, 0, 0.4), ...plain(0, 1, 0)]), 2);
    expect(rows).toBeAllClose([0.6, 0, 0.8, 0, 1, 0]); // (.3, 0, .4) / .5
    await model.dispose();
  });

  it('embeds texts through text.onnx and passes over masked tokens', async () => {
    await writeTestModel(folder);
    const model = await openModel(folder);
    const red = 5 + Object.keys(testColors).indexOf('qırmızı');
    const green = 5 + Object.keys(testColors).indexOf('yaşıl');
    const rows = await model.embedTexts(Int32Array.of(red, green), Float32Array.of(1, 0), 1, 2);
    expect(rows).toBeAllClose([1, 0, 0]);
    await model.dispose();
  });

  it('says which file of a folder is missing', async () => {
    await expect(openModel(folder)).rejects.toThrow(/config\.json: expected a model folder .* got ENOENT/u);
    await expect(openModel(folder)).rejects.toBeInstanceOf(InputError);
  });

  it('names the wrong key of config.json', async () => {
    const config = await writeTestModel(folder);
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, embedDim: '3' }));
    await expect(openModel(folder)).rejects.toThrow(/config\.json: embedDim: .*expected number/u);
  });

  it('refuses a config whose preprocessing was changed after the fingerprint was taken', async () => {
    const config = await writeTestModel(folder);
    const preprocessing = { ...config.preprocessing, mean: [0.5, 0.5, 0.5] };
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, preprocessing }));
    await expect(openModel(folder)).rejects.toThrow(/fingerprint: expected [0-9a-f]{64} .* got [0-9a-f]{64}/u);
  });

  it('refuses a tower that is not the one the digest names', async () => {
    await writeTestModel(folder);
    const model = await openModel(folder);
    await writeFile(join(folder, 'image.onnx'), 'other bytes');
    await expect(model.embedImages(plain(1, 0, 0), 1)).rejects.toThrow(/image\.onnx: expected sha256/u);
  });
});

describe('openModel with a variant', () => {
  const withVariant = async (digest: string): Promise<void> => {
    const config = await writeTestModel(folder);
    await writeModelConfig(folder, { ...config, variants: { int8: { digests: { 'text.onnx': digest } } } });
  };
  const green = 5 + Object.keys(testColors).indexOf('yaşıl');

  it('runs the variant of a tower that has one, and the model itself of the other', async () => {
    await writeTestModel(folder);
    const text = await readFile(join(folder, 'text.onnx'));
    await withVariant(sha256(text));
    await writeFile(join(folder, 'text.int8.onnx'), text);
    await writeFile(join(folder, 'text.onnx'), 'not asked for');
    const model = await openModel(folder, { variant: 'int8' });
    expect(await model.embedTexts(Int32Array.of(green), Float32Array.of(1), 1, 1)).toBeAllClose([0, 1, 0]);
    expect(await model.embedImages(plain(0, 0, 1), 1)).toBeAllClose([0, 0, 1]);
    await model.dispose();
  });

  it('refuses one that the folder has not, and says how to make it', async () => {
    await writeTestModel(folder);
    await expect(openModel(folder, { variant: 'fp16' })).rejects.toThrow(
      /variants: expected fp16, got none; trainer:export .*--variants=fp16 makes it/u,
    );
  });

  it('refuses a file of a variant that is not the one the digest names', async () => {
    await withVariant('0'.repeat(64));
    await writeFile(join(folder, 'text.int8.onnx'), 'other bytes');
    const model = await openModel(folder, { variant: 'int8' });
    const embedded = model.embedTexts(Int32Array.of(green), Float32Array.of(1), 1, 1);
    await expect(embedded).rejects.toThrow(/text\.int8\.onnx: expected sha256 0000/u);
  });
});

describe('a model folder of another shape', () => {
  const write = async (image: Uint8Array): Promise<void> => {
    const settings = await writeTestModel(folder);
    const [text, tokenizer] = await Promise.all(['text.onnx', 'tokenizer.json'].map((f) => readFile(join(folder, f))));
    const parts = { image, text: text ?? image, tokenizer: tokenizer ?? '', preprocessing: settings.preprocessing };
    await writeFile(join(folder, 'image.onnx'), image);
    await writeFile(join(folder, 'config.json'), JSON.stringify(createModelConfig(settings, parts)));
  };
  const identity = (name: string, dim: number): Uint8Array =>
    encodeGraph({
      inputs: [{ name, type: 'float32', shape: ['batch', 8, 8, dim] }],
      outputs: [{ name: 'features', type: 'float32', shape: ['batch', 8, 8, dim] }],
      constants: [],
      nodes: [{ op: 'Identity', inputs: [name], outputs: ['features'] }],
    });

  it('is refused for another input name', async () => {
    await write(identity('image', 3));
    const model = await openModel(folder);
    const message =
      /image\.onnx: inputs: expected pixels float32 \[\?, 8, 8, 3\], got image float32 \[batch, 8, 8, 3\]/u;
    await expect(model.embedImages(plain(1, 0, 0), 1)).rejects.toThrow(message);
  });

  it('is refused for features that are no rows', async () => {
    await write(identity('pixels', 3));
    const model = await openModel(folder);
    await expect(model.embedImages(plain(1, 0, 0), 1)).rejects.toThrow(/outputs: expected features float32 \[\?, 3\]/u);
  });

  it('is refused for a file that is no graph', async () => {
    await write(Buffer.from('not an onnx file'));
    const model = await openModel(folder);
    const error = model.embedImages(plain(1, 0, 0), 1);
    await expect(error).rejects.toThrow(/image\.onnx: expected an ONNX graph that can be run/u);
  });
});
