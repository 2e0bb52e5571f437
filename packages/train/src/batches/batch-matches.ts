import type { Pair } from '@azclip/data';
import { matchMatrix } from '@azclip/loss';
import type { HostTensor } from '@azclip/onnx';

import type { TokenInputs } from './token-inputs.ts';

/** Which rows of a batch belong together: [batch, batch] float32, 1 where they do. Of several captions of an image, any two
 * pieces of any caption count.
 * @param similarity - share of common pieces from which two texts say the same. */
export function batchMatches(pairs: readonly Pair[], { ids, mask }: TokenInputs, similarity: number): HostTensor {
  const size = ids.data.length / pairs.length;
  const rows = pairs.map(({ imageId }, i) => {
    const [start, end] = [i * size, (i + 1) * size];
    const pieces = ids.data.subarray(start, end).filter((_, place) => mask.data[start + place] === 1);
    return { imageId, pieces: Array.from(pieces).filter((id) => !isFrame(id, pieces)) };
  });
  return { dtype: 'float32', shape: [pairs.length, pairs.length], data: matchMatrix(rows, similarity) };
}

/** Whether a piece only opens or ends a caption: all captions share those, so they say nothing. */
const isFrame = (id: number, pieces: ArrayLike<number>): boolean =>
  id === pieces[0] || id === pieces[pieces.length - 1];
