// One backend's side of backends.mjs: says what it runs on, then runs the BERT layer once for every line on stdin and prints
// the milliseconds.
//   node tools/benchmark/backend-side.mjs tensorflow
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { useBackend } from '@azclip/nn';
import { compile } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import { works } from './engine-works.mjs';

/** Runs the work on host arrays, compiled where the backend can, and waits for the device. */
function runner(backend, { fn, inputs }) {
  if (backend === 'onnxruntime') {
    const compiled = compile(fn);
    return () => compiled.run(inputs);
  }
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
  );
  return async () => {
    const outputs = tf.tidy(() => fn(given));
    await Promise.all(Object.values(outputs).map((output) => output.data()));
    tf.dispose(outputs);
  };
}

try {
  const { backend, device } = await useBackend(process.argv[2], { nativeFolder: resolve('.native') });
  const run = runner(backend, works['bert-layer']());
  console.log(device);
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = performance.now();
    await run();
    console.log(performance.now() - start);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
