import type { Tokenizer } from '@azclip/encoder-text/tokenizer';
import type { HostTensor } from '@azclip/onnx';

/** Captions as the model takes them. */
export interface TokenInputs {
  /** [batch, tokens] int32. */
  readonly ids: HostTensor;
  /** [batch, tokens] float32: 1 where a piece stands. */
  readonly mask: HostTensor;
}

/** Captions kept encoded, at most: beyond that the cache starts anew, so memory stays flat on big sets. */
const cacheLimit = 200_000;

/** Widths that rows are rounded up to, tokens: few shapes, so that few graphs are compiled. */
const widthStep = 8;

/** Encodes captions into rows as wide as the longest of them, in steps of eight tokens and at most `contextLength`: padding that
 * no caption needs would be computed for nothing. Every caption is tokenized once, then remembered. */
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
    const encoded = captions.map(rowOf);
    const longest = encoded.reduce((most, row) => Math.max(most, row.length), 1);
    const width = Math.min(contextLength, Math.ceil(longest / widthStep) * widthStep);
    const shape = [captions.length, width];
    const ids = new Int32Array(captions.length * width).fill(tokenizer.special.pad);
    const mask = new Float32Array(captions.length * width);
    encoded.forEach((row, i) => {
      ids.set(row, i * width);
      mask.fill(1, i * width, i * width + row.length);
    });
    return { ids: { dtype: 'int32', shape, data: ids }, mask: { dtype: 'float32', shape, data: mask } };
  };
}
