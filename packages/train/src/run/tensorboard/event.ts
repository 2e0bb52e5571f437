/** Protocol buffers, as far as an event needs them: a field is its number and wire type, then its value.
 * @see https://protobuf.dev/programming-guides/encoding/ */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const key = (field: number, type: keyof typeof wire): number => (field << 3) | wire[type];

/** Seven bits a byte, the lowest first; the highest bit says that more follow. @param value - a whole number ≥ 0. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

const lengthDelimited = (field: number, bytes: readonly number[]): number[] => [
  key(field, 'bytes'),
  ...varint(bytes.length),
  ...bytes,
];

function fixed(field: number, value: number, type: 'fixed32' | 'fixed64'): number[] {
  const bytes = new Uint8Array(type === 'fixed32' ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if (type === 'fixed32') view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return [key(field, type), ...bytes];
}

const text = (value: string): number[] => [...new TextEncoder().encode(value)];

/** The first event of a file: says which form the file has.
 * @param wallTime - s since 1970. */
export const versionEvent = (wallTime: number): Uint8Array =>
  Uint8Array.from([...fixed(1, wallTime, 'fixed64'), ...lengthDelimited(3, text('brain.Event:2'))]);

/** An event with the values of a step.
 * @param wallTime - s since 1970.  @param scalars - by tag, such as `contrastive/loss`.
 * @see tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto */
export function scalarEvent(wallTime: number, step: number, scalars: Readonly<Record<string, number>>): Uint8Array {
  const values = Object.entries(scalars).flatMap(([tag, value]) =>
    lengthDelimited(1, [...lengthDelimited(1, text(tag)), ...fixed(2, value, 'fixed32')]),
  );
  const place = [key(2, 'varint'), ...varint(step)];
  return Uint8Array.from([...fixed(1, wallTime, 'fixed64'), ...place, ...lengthDelimited(5, values)]);
}

/** The step of an event that {@link scalarEvent} has made; 0 of a {@link versionEvent}. */
export function stepOfEvent(event: Uint8Array): number {
  const afterTime = 9;
  if (event[afterTime] !== key(2, 'varint')) return 0;
  let step = 0;
  for (let i = afterTime + 1, factor = 1; i < event.length; i += 1, factor *= 0x80) {
    const byte = event[i] as number;
    step += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  return step;
}
