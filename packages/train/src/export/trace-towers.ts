import { evaluation, unflattenParams, type ParamTree } from '@azclip/nn';
import { exportOnnx } from '@azclip/onnx';
import * as tf from '@tensorflow/tfjs';

import type { DualEncoderParams } from '../model/dual-encoder.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { uploadAll, type HostTensors } from '../step/host-tensors.ts';

/** The towers as files. */
export interface TracedTowers {
  /** `pixels` float32 [batch, size, size, 3] → `features` float32 [batch, embedDim], unit rows. */
  readonly image: Uint8Array;
  /** `ids` int32 [batch, tokens], `mask` float32 [batch, tokens] → `features` float32 [batch, embedDim], unit rows. */
  readonly text: Uint8Array;
}

/** Traces both towers with their heads into ONNX files; a frozen image tower becomes part of its file. */
export function traceTowers({ model, template }: PreparedRun, params: HostTensors): TracedTowers {
  const { imageTower } = model;
  const { size } = imageTower.preprocessing;
  const uploaded = uploadAll(params);
  const tree = unflattenParams(template as unknown as ParamTree, uploaded) as unknown as DualEncoderParams;
  const imagesOf = (pixels: tf.Tensor): tf.Tensor =>
    model.frozenImages ? imageTower.apply({}, pixels as tf.Tensor4D, evaluation) : pixels;
  try {
    return {
      image: exportOnnx(
        ({ pixels }) => ({ features: model.encodeImages(tree, imagesOf(pixels as tf.Tensor), evaluation) }),
        { pixels: { dtype: 'float32', shape: ['batch', size, size, 3] } },
      ),
      text: exportOnnx(
        ({ ids, mask }) => ({
          features: model.encodeTexts(tree, { ids: ids as tf.Tensor2D, mask: mask as tf.Tensor2D }, evaluation),
        }),
        { ids: { dtype: 'int32', shape: ['batch', 'tokens'] }, mask: { dtype: 'float32', shape: ['batch', 'tokens'] } },
      ),
    };
  } finally {
    tf.dispose(uploaded);
  }
}
