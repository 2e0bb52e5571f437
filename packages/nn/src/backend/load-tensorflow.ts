import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as tf from '@tensorflow/tfjs';

import { messageOf, type Answer } from './answer.ts';
import { padExplicitly } from './pad-explicitly.ts';

/** TF.js on libtensorflow with CUDA, and without: nothing else in the project names them. */
const bindings = { cuda: '@tensorflow/tfjs-node-gpu', processor: '@tensorflow/tfjs-node' } as const;

/** Where a binding may be. */
export interface TensorflowOptions {
  /** Folder whose `node_modules` hold a binding that was built on this machine. */
  readonly nativeFolder?: string | undefined;
  /** Only the binding that can use CUDA; by default the others too. */
  readonly cudaOnly?: boolean;
}

/** Loads libtensorflow: the CUDA binding, else the one built here, else the one from npm. One that loads has registered the
 * TF.js backend `tensorflow` and made it the current one. */
export async function loadTensorflow({ nativeFolder, cudaOnly = false }: TensorflowOptions): Promise<Answer> {
  const places = cudaOnly
    ? [() => bindings.cuda]
    : [() => bindings.cuda, () => builtHere(nativeFolder), () => bindings.processor];
  const failures: string[] = [];
  for (const place of places) {
    try {
      await import(place());
      padExplicitlyOnce();
      return deviceOf(tf.backend());
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return {
    reason: `no binding of libtensorflow loads (${failures.find((message) => !isAbsence(message)) ?? 'none is installed'})`,
    remedy: 'run tools/native/install-libtensorflow, or for CUDA npm install @tensorflow/tfjs-node-gpu',
  };
}

let knowsPaddings = false;

function padExplicitlyOnce(): void {
  if (!knowsPaddings) padExplicitly('tensorflow');
  knowsPaddings = true;
}

/** File of the binding in a folder. @throws {Error} where there is none. */
function builtHere(folder: string | undefined): string {
  if (folder === undefined) throw new Error('Cannot find a folder with a binding');
  return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(bindings.processor)).href;
}

const isAbsence = (message: string): boolean => message.startsWith('Cannot find ');

/** What TF.js's Node backend tells of itself beyond the interface of all backends. */
interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

function deviceOf(backend: NodeBackend): Answer {
  const accelerated = backend.isUsingGpuDevice === true;
  const version = backend.binding?.TF_Version ?? 'of unknown version';
  return { device: `libtensorflow ${version}, ${accelerated ? 'CUDA' : 'processor'}`, accelerated };
}
