import { InputError } from '@azclip/base';
import { registerOnnxBackend } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

/** The devices that tensor work may run on, by the name that configs use. */
export type BackendName = 'tensorflow' | 'onnxruntime' | 'cpu';

/** Which backend runs, and why it. */
export interface BackendChoice {
  readonly backend: BackendName;
  /** One sentence for people. */
  readonly reason: string;
}

/** The native bindings, best first; nothing else in the project names them. */
const nativeBindings = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Chooses the device of all tensor work from here on; importing a package never does.
 * `auto` takes `tensorflow` where its CUDA binding loads, else `onnxruntime`, which needs nothing but npm.
 * @throws {InputError} if the named backend cannot load; it says what to install. */
export async function useBackend(name: BackendName | 'auto'): Promise<BackendChoice> {
  if (name === 'auto') {
    if (await loadNative([nativeBindings[0]])) return { backend: 'tensorflow', reason: 'the CUDA binding of TF.js loaded' };
    await useOnnxruntime();
    return { backend: 'onnxruntime', reason: 'no CUDA binding of TF.js is installed' };
  }
  if (name === 'tensorflow') await useTensorflow();
  else if (name === 'onnxruntime') await useOnnxruntime();
  else await activate(name);
  return { backend: name, reason: 'the configuration names it' };
}

async function useOnnxruntime(): Promise<void> {
  registerOnnxBackend();
  await activate('onnxruntime');
}

async function useTensorflow(): Promise<void> {
  if (!(await loadNative(nativeBindings))) {
    throw new InputError(
      `backend: expected ${nativeBindings.join(' or ')} to load for "tensorflow", found neither; install one of them, or ` +
        'take backend: onnxruntime',
    );
  }
  await activate('tensorflow');
}

/** Tries the bindings in turn. @returns whether one loaded and registered itself. */
async function loadNative(bindings: readonly string[]): Promise<boolean> {
  for (const binding of bindings) {
    try {
      await import(binding);
      return true;
    } catch {
      continue; // not installed, or its native library does not load here: the next one is asked
    }
  }
  return false;
}

async function activate(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new InputError(`backend: "${backend}" does not start on this machine`);
  await tf.ready();
}
