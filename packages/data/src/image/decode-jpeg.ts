import { segmentAt, u16, type JpegFrame } from './jpeg-frame.ts';
import { JpegProgress } from './jpeg-progress.ts';
import type { PixelKernel } from './pixel-kernel.ts';
import type { Rectangle } from './raw-image.ts';

/** Where the coefficients of the zigzag order stand in a block. */
const NATURAL = zigzag();

const HUFFMAN_BYTES = 1536;
const COMPONENT_BYTES = 32;

/** More scans than any encoder makes are left to libvips, which has rules for them. */
const MAX_SCANS = 64;

interface Plane {
  /** Address of the coefficients, 64 × i16 a block. */
  readonly coefficients: number;
  /** Blocks of a row and rows of blocks in memory: whole units. */
  readonly blocks: number;
  readonly blockRows: number;
  /** Samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
}

interface Decoder {
  readonly kernel: PixelKernel;
  readonly frame: JpegFrame;
  readonly bytes: Uint8Array;
  /** Address of the bytes. */
  readonly file: number;
  readonly planes: readonly Plane[];
  /** Address of four tables of 64 × i16. */
  readonly quantisation: number;
  /** Which of them the file has. */
  readonly quantised: Set<number>;
  /** Address of four tables for first coefficients and four for the others. */
  readonly huffman: number;
  /** Address of the description of a scan. */
  readonly scan: number;
  readonly progress: JpegProgress;
  interval: number;
}

/** Decodes a region of a JPEG to the very bytes that libjpeg makes of it.
 * @param frame - what `readJpegFrame` says of the bytes.
 * @returns address of [height, width, 3] in the kernel's memory; nothing if any of the file is damaged or unusual. */
export function decodeJpeg(
  kernel: PixelKernel,
  bytes: Uint8Array,
  frame: JpegFrame,
  region: Rectangle,
): number | undefined {
  const decoder = startDecoder(kernel, bytes, frame);
  const whole = readScans(decoder) && decoder.progress.complete;
  return whole && frame.components.every((component) => decoder.quantised.has(component.quantisation))
    ? renderRegion(decoder, region)
    : undefined;
}

function startDecoder(kernel: PixelKernel, bytes: Uint8Array, frame: JpegFrame): Decoder {
  const [luma] = frame.components;
  const across = Math.ceil(frame.width / (8 * (luma?.across ?? 1)));
  const down = Math.ceil(frame.height / (8 * (luma?.down ?? 1)));
  const planes = frame.components.map((component): Plane => {
    const [blocks, blockRows] = [across * component.across, down * component.down];
    const size = blocks * blockRows * 128;
    const coefficients = kernel.reserve(size);
    kernel.functions.clear(coefficients, size);
    const width = Math.ceil((frame.width * component.across) / (luma?.across ?? 1));
    const height = Math.ceil((frame.height * component.down) / (luma?.down ?? 1));
    return { coefficients, blocks, blockRows, width, height };
  });
  return {
    kernel,
    frame,
    bytes,
    file: kernel.place(bytes),
    planes,
    quantisation: kernel.reserve(4 * 128),
    quantised: new Set(),
    huffman: kernel.place(new Uint8Array(8 * HUFFMAN_BYTES)),
    scan: kernel.reserve(3 * COMPONENT_BYTES),
    progress: new JpegProgress(frame.components.length),
    interval: 0,
  };
}

/** Reads the file segment by segment.
 * @returns whether it went well up to the end marker. */
function readScans(decoder: Decoder): boolean {
  let scans = 0;
  for (let at = 2; ;) {
    const segment = segmentAt(decoder.bytes, at);
    if (!segment) return false;
    const { marker, body, end } = segment;
    at = end;
    if (marker === 0xd9) return true;
    if (marker === 0xda) {
      at = ++scans > MAX_SCANS ? 0 : readScan(decoder, body, end);
      if (at === 0) return false;
    } else if (marker === 0xc4) {
      if (!readHuffman(decoder, body)) return false;
    } else if (marker === 0xdb) {
      if (scans > 0 || !readQuantisation(decoder, body)) return false;
    } else if (marker === 0xdd) {
      decoder.interval = u16(body, 0);
    } else if (marker < 0xe0 && marker !== 0xc0 && marker !== 0xc1 && marker !== 0xc2) {
      return false;
    }
  }
}

function readQuantisation({ kernel, quantisation, quantised }: Decoder, body: Uint8Array): boolean {
  for (let at = 0; at < body.length;) {
    const [wide, table] = [(body[at] ?? 0) >> 4, (body[at] ?? 0) & 15];
    at += 1;
    if (wide > 1 || table > 3 || at + 64 * (1 + wide) > body.length) return false;
    const values = new DataView(kernel.bytes(quantisation, 512).buffer, quantisation + table * 128, 128);
    for (const place of NATURAL) {
      const value = wide === 1 ? u16(body, at) : (body[at] ?? 0);
      if (value === 0 || value > 32_767) return false;
      values.setInt16(place * 2, value, true);
      at += 1 + wide;
    }
    quantised.add(table);
  }
  return true;
}

function readHuffman({ kernel, huffman, file, bytes }: Decoder, body: Uint8Array): boolean {
  for (let at = 0; at < body.length;) {
    const [kind, table] = [(body[at] ?? 0) >> 4, (body[at] ?? 0) & 15];
    const counts = body.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    if (kind > 1 || table > 3 || symbols > 256 || at + 17 + symbols > body.length) return false;
    if (kind === 0 && body.subarray(at + 17, at + 17 + symbols).some((size) => size > 15)) return false;
    const place = file + (body.byteOffset - bytes.byteOffset) + at + 1;
    if (!kernel.functions.buildTable(huffman + (kind * 4 + table) * HUFFMAN_BYTES, place, place + 16)) return false;
    at += 17 + symbols;
  }
  return true;
}

/** @returns where the next marker stands, 0 if the scan is damaged. */
function readScan(decoder: Decoder, body: Uint8Array, start: number): number {
  const { kernel, frame, planes, scan, file, bytes, progress } = decoder;
  const count = body[0] ?? 0;
  if (count < 1 || body.length !== 4 + 2 * count) return 0;
  const indices = Array.from({ length: count }, (_, i) =>
    frame.components.findIndex(({ id }) => id === body[1 + 2 * i]),
  );
  if (indices.includes(-1) || new Set(indices).size !== count) return 0;
  const [first = 0, last = 0, approximation = 0] = body.subarray(1 + 2 * count);
  if (!progress.accept({ components: indices, first, last, approximation, progressive: frame.progressive })) return 0;
  const tables = Array.from({ length: count }, (_, i) => body[2 + 2 * i] ?? 0);
  if (tables.some((numbers) => (numbers & 0xcc) !== 0)) return 0;
  describeScan(decoder, indices, tables);
  const only = count === 1 ? planes[indices[0] ?? 0] : undefined;
  const [luma] = planes;
  const end = kernel.functions.decodeScan(
    scan,
    count,
    only ? Math.ceil(only.width / 8) : (luma?.blocks ?? 0) / (frame.components[0]?.across ?? 1),
    only ? Math.ceil(only.height / 8) : (luma?.blockRows ?? 0) / (frame.components[0]?.down ?? 1),
    frame.progressive ? 1 : 0,
    (first << 8) | last,
    ((approximation >> 4) << 8) | (approximation & 15),
    decoder.interval,
    file + start,
    file + bytes.length,
  );
  return end === 0 ? 0 : end - file;
}

function describeScan(decoder: Decoder, indices: readonly number[], tables: readonly number[]): void {
  const { kernel, frame, planes, scan, huffman } = decoder;
  const numbers = new Int32Array(kernel.bytes(scan, indices.length * COMPONENT_BYTES).buffer, scan, indices.length * 8);
  for (const [i, index] of indices.entries()) {
    const [plane, component, table = 0] = [planes[index], frame.components[index], tables[i]];
    if (!plane || !component) continue;
    const dc = huffman + (table >> 4) * HUFFMAN_BYTES;
    const ac = huffman + (4 + (table & 15)) * HUFFMAN_BYTES;
    numbers.set([plane.coefficients, plane.blocks, component.across, component.down, dc, ac, 0, 0], i * 8);
  }
}

/** Samples of the region and what its chroma needs around it, then colours. */
function renderRegion(decoder: Decoder, region: Rectangle): number {
  const { kernel, frame, planes, quantisation } = decoder;
  const { left, top, width, height } = region;
  const [across, down] = [frame.components[0]?.across ?? 1, frame.components[0]?.down ?? 1];
  const samples = planes.map((plane, i) => {
    const at = kernel.reserve(plane.blocks * plane.blockRows * 64);
    const [x, y] = i === 0 ? [1, 1] : [across, down];
    kernel.functions.inverseTransform(
      plane.coefficients,
      quantisation + (frame.components[i]?.quantisation ?? 0) * 128,
      at,
      plane.blocks,
      Math.max(0, Math.floor(left / x) - 1) >> 3,
      Math.min(plane.blocks, (((left + width - 1) / x + 1) >> 3) + 1),
      Math.max(0, Math.floor(top / y) - 1) >> 3,
      Math.min(plane.blockRows, (((top + height - 1) / y + 1) >> 3) + 1),
    );
    return at;
  });
  const out = kernel.reserve(width * height * 3);
  const [luma = 0, blue, red] = samples;
  const [lumaPlane, chromaPlane] = planes;
  const stride = (lumaPlane?.blocks ?? 0) * 8;
  if (blue === undefined || red === undefined || !chromaPlane) {
    kernel.functions.greyRows(luma, stride, left, top, width, height, out);
    return out;
  }
  const scratch = kernel.reserve(8 * (width + 64));
  const { blocks, width: chromaWidth, height: chromaHeight } = chromaPlane;
  const chroma = [stride, blocks * 8, chromaWidth, chromaHeight, across, down] as const;
  kernel.functions.colourRows(luma, blue, red, ...chroma, left, top, width, height, scratch, out);
  return out;
}

/** Diagonal by diagonal, every other one upwards. */
function zigzag(): readonly number[] {
  const places = Array.from({ length: 64 }, (_, i) => i);
  const [row, column] = [(i: number) => i >> 3, (i: number) => i & 7];
  const diagonal = (i: number): number => row(i) + column(i);
  return places.sort((a, b) => diagonal(a) - diagonal(b) || (diagonal(a) % 2 === 0 ? b - a : a - b));
}
