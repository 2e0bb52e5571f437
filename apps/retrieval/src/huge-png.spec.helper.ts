import { crc32, deflateSync } from 'node:zlib';

/** A real PNG of `side` × `side` white pixels, one bit each: 20,000 × 20,000 weigh 50 MB unpacked here, and 1.2 GB as the RGB
 * that a decoder would make of them.
 * @see https://www.w3.org/TR/png-3/ */
export function hugePng(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(1, 8); // bits a pixel; the rest 0: grey, deflate, no interlace
  const row = Math.ceil(side / 8) + 1;
  const rows = Buffer.alloc(row * side, 0xff);
  for (let i = 0; i < side; i += 1) rows[i * row] = 0; // filter of the row: none
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
