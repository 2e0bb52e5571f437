import { evaluation, unflattenParams, type ParamTree } from '@azclip/nn';
import { exportOnnx } from '@azclip/onnx';
import type * as tf from '@tensorflow/tfjs';

import type { DualEncoderParams } from '../model/dual-encoder.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** The towers as files. */
export interface TracedTowers {
  /** `pixels` float32 [batch, size, size, 3] → `features` float32 [batch, embedDim], unit rows. */
  readonly image: Uint8Array;
  /** `ids` int32 [batch, tokens], `mask` float32 [batch, tokens] → `features` float32 [batch, embedDim], unit rows. */
  readonly text: Uint8Array;
}

/** Traces both towers with their heads into ONNX files; a frozen image tower becomes part of its file. */
export function traceTowers(
  { model, template }: Pick<PreparedRun, 'model' | 'template'>,
  params: HostTensors,
): TracedTowers {
  const { imageTower } = model;
  const { size } = imageTower.preprocessing;
  const tree = (constants: Readonly<Record<string, tf.Tensor>>): DualEncoderParams =>
    unflattenParams(template as unknown as ParamTree, constants) as unknown as DualEncoderParams;
  const imagesOf = (pixels: tf.Tensor): tf.Tensor =>
    model.frozenImages ? imageTower.apply({}, pixels as tf.Tensor4D, evaluation) : pixels;
  return {
    image: exportOnnx(
      ({ pixels }, constants) => ({
        features: model.encodeImages(tree(constants), imagesOf(pixels as tf.Tensor), evaluation),
      }),
      { pixels: { dtype: 'float32', shape: ['batch', size, size, 3] } },
      params,
    ),
    text: exportOnnx(
      ({ ids, mask }, constants) => ({
        features: model.encodeTexts(tree(constants), { ids: ids as tf.Tensor, mask: mask as tf.Tensor }, evaluation),
      }),
      { ids: { dtype: 'int32', shape: ['batch', 'tokens'] }, mask: { dtype: 'float32', shape: ['batch', 'tokens'] } },
      params,
    ),
  };
}
