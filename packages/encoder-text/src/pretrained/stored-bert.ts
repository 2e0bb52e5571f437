import { bertKeyMap, type KeyMap, type KeyRule, type TensorToWrite } from '@azclip/weights';

/** A tensor of floats on the host, row-major. */
interface HostMatrix {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Parameters of a BERT under transformers' names and in torch's layouts, so that any tool of the field reads them.
 * Parts that transformers has no name for, such as attention pooling, are left out.
 * @param params - by our dotted names.  @param map - whose names; those of `BertModel` unless told. */
export function storedBert(
  params: Readonly<Record<string, HostMatrix>>,
  map: KeyMap = bertKeyMap(48),
): TensorToWrite[] {
  const rules = new Map(map.rules.map((rule) => [rule.ours, rule]));
  return Object.entries(params).flatMap(([ours, tensor]) => {
    const rule = rules.get(ours);
    return rule ? [storedTensor(rule, tensor)] : [];
  });
}

function storedTensor({ stored: name, layout }: KeyRule, { shape, data }: HostMatrix): TensorToWrite {
  if (layout !== 'linear') return { name, dtype: 'float32', shape, data: () => Float32Array.from(data) };
  const [rows = 1, columns = 1] = shape;
  const transposed = (): Float32Array =>
    Float32Array.from({ length: rows * columns }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
  return { name, dtype: 'float32', shape: [columns, rows], data: transposed };
}
