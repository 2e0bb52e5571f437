/** A part of the file behind its marker. */
export interface JpegSegment {
  /** Second byte of the marker. */
  readonly marker: number;
  /** From behind the length to the end. */
  readonly body: Uint8Array;
  /** Where the next marker, or the data of a scan, begins. */
  readonly end: number;
}

/** A plane of a JPEG. */
export interface JpegComponent {
  readonly id: number;
  /** Blocks of 8 × 8 in a unit, across and down. */
  readonly across: number;
  readonly down: number;
  /** Number of its quantisation table. */
  readonly quantisation: number;
}

/** What a JPEG says of itself before its first scan. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** One of grey, or three of luma and chroma. */
  readonly components: readonly JpegComponent[];
}

/** Above this many pixels the fixed cost of libvips does not matter, and the memory of a thread would. */
const MAX_PIXELS = 4_000_000;

const ORIENTATION = 0x0112;

/** The segment whose marker stands at `at`, if there is a whole one. */
export function segmentAt(bytes: Uint8Array, at: number): JpegSegment | undefined {
  const marker = bytes[at + 1];
  if (bytes[at] !== 0xff || marker === undefined) return undefined;
  if (marker === 0xd9) return { marker, body: bytes.subarray(at + 2, at + 2), end: at + 2 };
  const end = at + 2 + u16(bytes, at + 2);
  return end < at + 4 || end > bytes.length ? undefined : { marker, body: bytes.subarray(at + 4, end), end };
}

/** Reads the head of a JPEG that needs nothing but decoding: eight bits, Huffman codes, grey or YCbCr with chroma in
 * full, half or quarter size, upright, without a colour profile. Of any other file, and of one whose head is damaged,
 * it says nothing: libvips knows what to do with it.
 * @see ITU-T T.81, annex B — https://www.w3.org/Graphics/JPEG/itu-t81.pdf */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let frame: JpegFrame | undefined;
  let colours: 'YCbCr' | 'unsaid' = 'unsaid';
  for (let at = 2; ;) {
    const segment = segmentAt(bytes, at);
    if (!segment) return undefined;
    const { marker, body, end } = segment;
    at = end;
    if (marker === 0xda) break;
    if (isFrame(marker)) {
      if (frame) return undefined;
      frame = frameOf(marker, body);
      if (!frame) return undefined;
    }
    if (marker === 0xe0 && tagged(body, 'JFIF\0')) colours = 'YCbCr';
    if (marker === 0xe1 && tagged(body, 'Exif\0\0') && !isUpright(body.subarray(6))) return undefined;
    if (marker === 0xe2 && tagged(body, 'ICC_PROFILE\0')) return undefined;
    if (marker === 0xee && tagged(body, 'Adobe')) {
      if (body[11] !== 1) return undefined;
      colours = 'YCbCr';
    }
  }
  const known = colours === 'YCbCr' || frame?.components.every(({ id }, i) => id === i + 1);
  return known ? frame : undefined;
}

/** All start-of-frame markers, those of other codes among them, which `frameOf` refuses. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8;
}

function frameOf(marker: number, body: Uint8Array): JpegFrame | undefined {
  const [height, width] = [u16(body, 1), u16(body, 3)];
  const count = body[5] ?? 0;
  const area = width * height;
  if (marker > 0xc2 || body[0] !== 8 || body.length !== 6 + 3 * count || area === 0 || area > MAX_PIXELS)
    return undefined;
  const components = Array.from({ length: count }, (_, i) => componentOf(body.subarray(6 + 3 * i)));
  if (components.some(({ quantisation }) => quantisation > 3)) return undefined;
  if (count === 1) {
    const only = components.map((component) => ({ ...component, across: 1, down: 1 }));
    return { width, height, progressive: marker === 0xc2, components: only };
  }
  const [luma, blue, red] = components;
  if (count !== 3 || !luma || !blue || !red) return undefined;
  const plain = [blue, red].every(({ across, down }) => across === 1 && down === 1);
  const { across, down } = luma;
  const known = (across === 1 && down === 1) || (across === 2 && (down === 1 || down === 2) && width > 4);
  const ids = new Set(components.map(({ id }) => id)).size;
  return plain && known && ids === 3 ? { width, height, progressive: marker === 0xc2, components } : undefined;
}

function componentOf(bytes: Uint8Array): JpegComponent {
  const [id = 0, factors = 0, quantisation = 0] = bytes;
  return { id, across: factors >> 4, down: factors & 15, quantisation };
}

function tagged(body: Uint8Array, tag: string): boolean {
  return Buffer.from(tag).every((byte, i) => body[i] === byte);
}

/** Whether EXIF data, from its TIFF head on, surely leaves the picture as it is. */
function isUpright(tiff: Uint8Array): boolean {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return false;
  const little = view.getUint16(0) === 0x4949;
  const from = view.getUint32(4, little);
  if (from + 2 > tiff.length) return false;
  const entries = view.getUint16(from, little);
  if (from + 2 + entries * 12 > tiff.length) return false;
  for (let at = from + 2; at < from + 2 + entries * 12; at += 12) {
    if (view.getUint16(at, little) === ORIENTATION) return view.getUint16(at + 8, little) === 1;
  }
  return true;
}

/** Two bytes, the higher first; 0 beyond the end. */
export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
