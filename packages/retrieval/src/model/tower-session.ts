import { join } from 'node:path';

import { InferenceSession, type Tensor } from 'onnxruntime-node';

import { sessionOptions } from '../graph/session-options.ts';
import { ModelError } from './model-error.ts';
import { sha256 } from './model-fingerprint.ts';
import { readModelFile } from './read-model-config.ts';

/** One input or output of a tower; −1 is an axis that may have any length. */
export interface TowerPort {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly shape: readonly number[];
}

/** What a tower's graph must look like. */
export interface TowerShape {
  readonly inputs: readonly TowerPort[];
  readonly output: TowerPort;
}

/** One tower of a model folder. */
export interface TowerFile {
  /** Its name in the folder. */
  readonly file: string;
  /** sha256 in hex of its content. */
  readonly digest: string;
  readonly shape: TowerShape;
  /** Cores to use; 0 leaves the choice to ONNX Runtime. */
  readonly threads: number;
}

/** Loads one tower and checks its content against its digest and its ports against its shape.
 * @throws {ModelError} naming the file and what is other than expected. */
export async function loadTower(
  folder: string,
  { file, digest, shape, threads }: TowerFile,
): Promise<InferenceSession> {
  const bytes = await readModelFile(folder, file);
  const path = join(folder, file);
  const got = sha256(bytes);
  if (got !== digest) throw new ModelError(`${path}: expected sha256 ${digest} as config.json says, got ${got}`);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, sessionOptions(threads));
  } catch (error) {
    throw new ModelError(`${path}: expected an ONNX graph that can be run, got ${firstLine(error)}`);
  }
  checkPorts(path, 'inputs', shape.inputs, session.inputMetadata);
  checkPorts(path, 'outputs', [shape.output], session.outputMetadata);
  return session;
}

/** Takes the rows out of what a tower gave.
 * @throws {ModelError} if they are not [count, dim]. */
export function featureRows(folder: string, features: Tensor | undefined, count: number, dim: number): Float32Array {
  const [rows, width] = features?.dims ?? [];
  if (features?.data instanceof Float32Array && rows === count && width === dim) return features.data;
  const got = features ? `${features.type} [${features.dims.join(', ')}]` : 'nothing';
  throw new ModelError(`${folder}: features: expected float32 [${String(count)}, ${String(dim)}], got ${got}`);
}

function checkPorts(
  path: string,
  side: string,
  expected: readonly TowerPort[],
  got: readonly InferenceSession.ValueMetadata[],
): void {
  const fits =
    expected.length === got.length && expected.every((port) => got.some((metadata) => portFits(port, metadata)));
  if (fits) return;
  const wanted = expected.map(({ name, type, shape }) => `${name} ${type} ${axes(shape)}`);
  const found = got.map((metadata) =>
    metadata.isTensor ? `${metadata.name} ${metadata.type} ${axes(metadata.shape)}` : metadata.name,
  );
  throw new ModelError(`${path}: ${side}: expected ${wanted.join(', ')}, got ${found.join(', ')}`);
}

function portFits(port: TowerPort, metadata: InferenceSession.ValueMetadata): boolean {
  if (!metadata.isTensor || metadata.name !== port.name || metadata.type !== port.type) return false;
  const { shape } = metadata;
  return (
    shape.length === port.shape.length &&
    port.shape.every((axis, i) => typeof shape[i] === 'string' || shape[i] === -1 || axis === shape[i])
  );
}

const axes = (shape: readonly (number | string)[]): string =>
  `[${shape.map((axis) => (axis === -1 ? '?' : String(axis))).join(', ')}]`;

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
