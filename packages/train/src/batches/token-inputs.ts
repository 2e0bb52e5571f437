import type { Tokenizer } from '@azclip/encoder-text/tokenizer';
import type { HostTensor } from '@azclip/onnx';

/** Captions as the model takes them. */
export interface TokenInputs {
  /** [batch, contextLength] int32. */
  readonly ids: HostTensor;
  /** [batch, contextLength] float32: 1 where a piece stands. */
  readonly mask: HostTensor;
}

/** Captions kept encoded, at most: beyond that the cache starts anew, so memory stays flat on big sets. */
const cacheLimit = 200_000;

/** Encodes captions into rows of `contextLength`; every caption is tokenized once, then remembered. */
export function createTokenInputs(
  tokenizer: Tokenizer,
  contextLength: number,
): (captions: readonly string[]) => TokenInputs {
  const rows = new Map<string, Int32Array>();
  const rowOf = (caption: string): Int32Array => {
    const known = rows.get(caption);
    if (known) return known;
    const { ids, mask } = tokenizer.encode([caption], contextLength);
    const row = ids.slice(0, mask.lastIndexOf(1) + 1);
    if (rows.size >= cacheLimit) rows.clear();
    rows.set(caption, row);
    return row;
  };
  return (captions) => {
    const shape = [captions.length, contextLength];
    const ids = new Int32Array(captions.length * contextLength).fill(tokenizer.special.pad);
    const mask = new Float32Array(captions.length * contextLength);
    captions.forEach((caption, i) => {
      const row = rowOf(caption);
      ids.set(row, i * contextLength);
      mask.fill(1, i * contextLength, i * contextLength + row.length);
    });
    return { ids: { dtype: 'int32', shape, data: ids }, mask: { dtype: 'float32', shape, data: mask } };
  };
}
