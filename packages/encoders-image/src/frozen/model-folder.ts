import { InputError } from '@azclip/base';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/** A TF.js model as it stands on disk. */
export interface ModelFolder {
  /** Path of `model.json`, for messages. */
  readonly path: string;
  /** Keras layers, or a TensorFlow graph. */
  readonly format: 'layers' | 'graph';
  /** What TF.js loads the model from. */
  readonly handler: tf.io.IOHandler;
  /** The weights by their names in the model. */
  readonly weights: readonly StoredWeight[];
  /** SHA-256 of topology and weights, hexadecimal. */
  readonly hash: string;
}

/** One tensor of a model on disk. */
export interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const modelJson = z.object({
  format: z.enum(['layers-model', 'graph-model']).nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string()),
        weights: z.array(z.looseObject({ name: z.string(), shape: z.array(z.int()), dtype: z.string() })),
      }),
    )
    .min(1),
});

/** Reads `model.json` and the weight files it names.
 * @throws {InputError} naming the file that is missing, is no TF.js model, or has another length than the weights need. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const path = join(folder, 'model.json');
  const { modelTopology, weightsManifest, format } = parseModelJson(await readBytes(path), path);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights) as unknown as tf.io.WeightsManifestEntry[];
  const files = weightsManifest.flatMap(({ paths }) => paths.map((name) => join(folder, name)));
  const weightData = Buffer.concat(await Promise.all(files.map(readBytes)));
  const expected = weightSpecs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (weightData.byteLength !== expected) {
    throw new InputError(
      `${files.join(', ')}: expected ${String(expected)} bytes of weights as ${path} lists them, ` +
        `got ${String(weightData.byteLength)}`,
    );
  }
  return {
    path,
    format:
      (format ?? ('node' in modelTopology ? 'graph-model' : 'layers-model')) === 'graph-model' ? 'graph' : 'layers',
    get weights() {
      return decodedWeights(weightSpecs, weightData);
    },
    handler: tf.io.fromMemory({ modelTopology, weightSpecs, weightData: ownBuffer(weightData) }),
    hash: createHash('sha256').update(JSON.stringify({ modelTopology, weightSpecs })).update(weightData).digest('hex'),
  };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(
      `${path}: expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? 'an error'}`,
    );
  }
}

function parseModelJson(bytes: Buffer, path: string): z.output<typeof modelJson> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InputError(`${path}: expected JSON, got ${JSON.stringify(bytes.toString('utf8', 0, 40))}`);
  }
  const parsed = modelJson.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'expected a TF.js model'}`);
}

const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

function byteLength({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  return shape.reduce((a, b) => a * b, 1) * (bytesPerValue[quantization?.dtype ?? dtype] ?? NaN);
}

/** The bytes in a buffer of their own, which starts where they do. */
const ownBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** The float32 tensors among the weights. */
function decodedWeights(specs: readonly tf.io.WeightsManifestEntry[], bytes: Uint8Array): readonly StoredWeight[] {
  let reached = 0;
  return specs.flatMap((spec) => {
    const own = bytes.subarray(reached, (reached += byteLength(spec)));
    if (spec.dtype !== 'float32' || spec.quantization) return [];
    return [{ name: spec.name, shape: spec.shape, data: new Float32Array(ownBuffer(own)) }];
  });
}
