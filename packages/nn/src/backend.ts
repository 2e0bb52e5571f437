import { InputError } from '@azclip/base';
import { registerOnnxBackend } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { isDevice, type Answer, type Device } from './backend/answer.ts';
import { loadTensorflow } from './backend/load-tensorflow.ts';
import { loadWebGpu, mayHaveGpu } from './backend/load-webgpu.ts';

/** The devices that tensor work may run on, by the names that configs use. */
export const backendNames = ['tensorflow', 'webgpu', 'onnxruntime', 'cpu'] as const;

/** A device that tensor work may run on, by the name that configs use. */
export type BackendName = (typeof backendNames)[number];

/** Where backends are looked for beyond what npm has installed. */
export interface BackendOptions {
  /** Folder whose `node_modules` hold a binding of libtensorflow that was built on this machine. */
  readonly nativeFolder?: string | undefined;
}

/** Which backend runs, and why it. */
export interface BackendChoice {
  readonly backend: BackendName;
  /** What it runs on, in words. */
  readonly device: string;
  /** Whether that is a GPU. */
  readonly accelerated: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

/** Chooses the device of all tensor work from here on; importing a package never does.
 * `auto` takes `tensorflow` where it sees a CUDA device, else `webgpu` where a GPU answers, else `onnxruntime`, which needs
 * nothing but npm and, compiled, is about as fast on a processor as libtensorflow.
 * @throws {InputError} if the named backend cannot load; it says why, and what to install. */
export async function useBackend(name: BackendName | 'auto', options: BackendOptions = {}): Promise<BackendChoice> {
  if (name === 'auto') return bestBackend();
  return { backend: name, ...(await start(name, options)), reason: 'the configuration names it' };
}

async function bestBackend(): Promise<BackendChoice> {
  const cuda = await loadTensorflow({ cudaOnly: true });
  if (isDevice(cuda) && cuda.accelerated) {
    await activate('tensorflow');
    return { backend: 'tensorflow', ...cuda, reason: 'a CUDA device answers' };
  }
  const gpu = mayHaveGpu() ? await loadWebGpu() : undefined;
  if (gpu && isDevice(gpu) && gpu.accelerated) {
    await activate('webgpu');
    return { backend: 'webgpu', ...gpu, reason: 'no CUDA device answers, but a GPU does' };
  }
  return {
    backend: 'onnxruntime',
    ...(await start('onnxruntime', {})),
    reason: 'no CUDA device and no other GPU answers',
  };
}

/** Loads and activates a backend. @returns what it runs on. */
async function start(name: BackendName, { nativeFolder }: BackendOptions): Promise<Device> {
  if (name === 'onnxruntime') registerOnnxBackend();
  if (name === 'onnxruntime' || name === 'cpu') {
    await activate(name);
    return { device: 'processor', accelerated: false };
  }
  return activated(name, name === 'tensorflow' ? await loadTensorflow({ nativeFolder }) : await loadWebGpu());
}

async function activated(name: BackendName, answer: Answer): Promise<Device> {
  if (!isDevice(answer)) {
    throw new InputError(`backend: "${name}" does not load: ${answer.reason}; ${answer.remedy}, or take onnxruntime`);
  }
  await activate(name);
  return answer;
}

async function activate(backend: BackendName): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new InputError(`backend: "${backend}" does not start on this machine`);
  await tf.ready();
}
