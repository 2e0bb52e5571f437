import type { NamedTensor } from '../safetensors/dtype.ts';
import { readSafetensors, readSafetensorsHeader } from '../safetensors/read.ts';

import type { KeyMap } from './key-map.ts';
import { axesOf, KeyMapError, type MatchedKey, matchKeys, type TargetShapes } from './match-keys.ts';
import { permute } from './permute.ts';

/** Options of `readMapped`. */
export interface ReadMappedOptions {
  /** Which of ours may be absent from the file, such as a fresh head; all others must be there. */
  readonly mayMiss?: (ours: string) => boolean;
}

/** Streams the tensors of a safetensors file under our names, in our layouts and shapes. All keys are checked before the
 * first value is read; at most two copies of one tensor stand in memory.
 * @param source - the file, or the files that are parts of one.
 * @param targets - our tensors that are to be filled.
 * @throws {KeyMapError} listing what is missing, unexpected and mis-shaped.  @throws {SafetensorsError} */
export async function* readMapped(
  source: string | readonly string[],
  map: KeyMap,
  targets: TargetShapes,
  { mayMiss }: ReadMappedOptions = {},
): AsyncGenerator<NamedTensor> {
  const files = typeof source === 'string' ? [source] : source;
  const headers = await Promise.all(files.map(readSafetensorsHeader));
  const stored = headers.flatMap(({ tensors }) => tensors);
  const matches = matched(files.join(', '), () => matchKeys(map, stored, targets, mayMiss));
  for (const file of files) {
    for await (const tensor of readSafetensors(file, ({ name }) => matches.has(name))) {
      for (const match of matches.get(tensor.name) ?? []) yield toOurs(tensor, match);
    }
  }
}

function matched<T>(source: string, match: () => T): T {
  try {
    return match();
  } catch (error) {
    if (error instanceof KeyMapError) throw new KeyMapError(`${source}: ${error.message}`);
    throw error;
  }
}

/** A stored tensor, or its part, in our layout. */
export function toOurs({ data, shape }: Pick<NamedTensor, 'data' | 'shape'>, match: MatchedKey): NamedTensor {
  const { layout, ours, part } = match.rule;
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  const length = part ? data.length / part.of : data.length;
  const own = part ? floats.slice(part.index * length, (part.index + 1) * length) : floats;
  const [rows = 1, ...rest] = shape;
  const values = layout === 'same' ? own : permute(own, [rows / (part?.of ?? 1), ...rest], axesOf[layout]);
  return { name: ours, dtype: 'float32', shape: match.shape, data: values };
}
