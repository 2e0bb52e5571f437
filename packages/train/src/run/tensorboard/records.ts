import { crc32c } from './crc32c.ts';

/** TensorFlow's framing of a file of records: length and its checksum, content and its checksum, little-endian.
 * @see tensorflow/core/lib/io/record_writer.h */
export function frameRecord(content: Uint8Array): Uint8Array {
  const record = new Uint8Array(headerSize + content.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(content, headerSize);
  view.setUint32(headerSize + content.length, masked(crc32c(content)), true);
  return record;
}

/** The records of a file, up to the first that is cut short or damaged. */
export function* unframeRecords(file: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let start = 0; start + headerSize <= file.length;) {
    const length = Number(view.getBigUint64(start, true));
    const end = start + headerSize + length;
    if (masked(crc32c(file.subarray(start, start + 8))) !== view.getUint32(start + 8, true)) return;
    if (end + 4 > file.length) return;
    const content = file.subarray(start + headerSize, end);
    if (masked(crc32c(content)) !== view.getUint32(end, true)) return;
    yield content;
    start = end + 4;
  }
}

const headerSize = 12;

/** A checksum of bytes that hold checksums themselves would be weak: it is turned and shifted.
 * @see tensorflow/core/lib/hash/crc32c.h, `Mask` */
const masked = (checksum: number): number => (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
