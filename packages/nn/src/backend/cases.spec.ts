import * as tf from '@tensorflow/tfjs';

import { backendCases, runCase, runTraining, type CaseResult } from './cases.spec.support.ts';
import { useBackend, type BackendName } from '../backend.ts';

/** The backends that every machine has; `nx run nn:backends` asks the others too. */
async function onBoth(run: () => Promise<CaseResult>): Promise<Record<'cpu' | 'onnxruntime', CaseResult>> {
  const on = async (backend: BackendName): Promise<CaseResult> => {
    await useBackend(backend);
    return run();
  };
  return { cpu: await on('cpu'), onnxruntime: await on('onnxruntime') };
}

it.each(Object.keys(backendCases))('%s: the same value and gradients as on the reference', async (name) => {
  const { cpu, onnxruntime } = await onBoth(() => runCase(name));
  for (const [key, expected] of Object.entries(cpu)) expect(onnxruntime[key]).toBeAllClose(expected, 1e-5);
});

it('trains along the same losses, downwards', async () => {
  const { cpu, onnxruntime } = await onBoth(runTraining);
  const losses = Object.values(cpu).map(([loss = NaN]) => loss);
  expect(losses[29]).toBeLessThan((losses[0] as number) / 2);
  expect(Object.values(onnxruntime).flat()).toBeAllClose(losses, 1e-5);
});

it('leaves no tensors behind', async () => {
  await useBackend('onnxruntime');
  const before = tf.memory().numTensors;
  await runCase('transformer layer');
  await runTraining();
  expect(tf.memory().numTensors).toBe(before);
});
