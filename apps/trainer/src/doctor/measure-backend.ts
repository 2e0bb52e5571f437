import { useBackend, type BackendName } from '@azclip/nn';
import { compile } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { layerWork, type Work } from './layer-work.ts';

/** How fast a backend is here. */
export interface Measurement {
  /** What it runs on. */
  readonly device: string;
  /** Billions of floating-point operations a second; absent where measuring would take minutes. */
  readonly gflops?: number;
}

/** Starts a backend and times a layer of BERT-base on it, forward and gradients: 16 texts of 64 tokens, in plain JavaScript one of
 * 16 tokens. A WebGPU that the processor imitates is not timed.
 * @throws {InputError} if the backend does not load. */
export async function measureBackend(backend: BackendName, nativeFolder: string): Promise<Measurement> {
  const { device, accelerated } = await useBackend(backend, { nativeFolder });
  if (backend === 'webgpu' && !accelerated) return { device };
  const [work, times] = backend === 'cpu' ? [await layerWork(1, 16), 1] : [await layerWork(16, 64), 7];
  return { device, gflops: await gflopsOf(backend, work, times) };
}

/** The median over `times` runs, after one that warms up. */
async function gflopsOf(backend: BackendName, work: Work, times: number): Promise<number> {
  const runs = runner(backend, work);
  const milliseconds: number[] = [];
  for (let i = -1; i < times; i += 1) {
    const start = performance.now();
    await runs.run();
    if (i >= 0) milliseconds.push(performance.now() - start);
  }
  runs.dispose();
  const median = milliseconds.sort((a, b) => a - b)[times >> 1] as number;
  return work.flops / median / 1e6;
}

/** Runs a work again and again. */
interface Runner {
  run(): Promise<unknown>;
  dispose(): void;
}

function runner(backend: BackendName, { fn, inputs }: Work): Runner {
  if (backend === 'onnxruntime') {
    const compiled = compile(fn);
    return {
      run: () => compiled.run(inputs),
      dispose: () => {
        compiled.dispose();
      },
    };
  }
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const run = async (): Promise<void> => {
    const outputs = tf.tidy(() => fn(given));
    await Promise.all(Object.values(outputs).map((output) => output.data())); // the device has finished
    tf.dispose(outputs);
  };
  return {
    run,
    dispose: () => {
      tf.dispose(given);
    },
  };
}
