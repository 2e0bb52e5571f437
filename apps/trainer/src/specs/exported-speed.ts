import { createRandom } from '@azclip/base';
import type { ImageTower } from '@azclip/encoders-image';
import { evaluation, flattenParams, unflattenParams, type ParamTree } from '@azclip/nn';
import { exportOnnx, type HostTensor } from '@azclip/onnx';
import type * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** How the speed of a tower is measured. */
export interface MeasureOptions {
  readonly batchSize: number;
  /** Batches timed, after one that is not; the median counts. 0 measures no speed. */
  readonly rounds: number;
}

/** Images a second of a tower through its exported graph, as serving runs it. */
export async function exportedSpeed(tower: ImageTower, params: ParamTree, options: MeasureOptions): Promise<number> {
  const { batchSize, rounds } = options;
  const session = await InferenceSession.create(exportedTower(tower, params));
  try {
    const pixels = randomPixels(batchSize, tower.preprocessing.size);
    await session.run({ pixels }); // warms up
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      await session.run({ pixels });
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
    return (1000 * batchSize) / median;
  } finally {
    await session.release();
  }
}

function exportedTower(tower: ImageTower, params: ParamTree): Uint8Array {
  const { size } = tower.preprocessing;
  const constants = Object.entries(flattenParams(params)).map(([name, tensor]): [string, HostTensor] => [
    name,
    { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync<'float32'>() },
  ]);
  return exportOnnx(
    ({ pixels }, held) => ({ features: tower.apply(unflattenParams(params, held), pixels as tf.Tensor4D, evaluation) }),
    { pixels: { dtype: 'float32', shape: ['batch', size, size, 3] } },
    Object.fromEntries(constants),
  );
}

function randomPixels(batchSize: number, size: number): Tensor {
  const random = createRandom(2);
  const data = Float32Array.from({ length: batchSize * size * size * 3 }, () => 2 * random.uniform() - 1);
  return new Tensor('float32', data, [batchSize, size, size, 3]);
}
