// Good files of every kind, and the ways in which they are spoilt.
import { crc32, deflateSync } from 'node:zlib';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const from = createRequire(new URL('../../packages/data/package.json', import.meta.url));
const sharp = from('sharp');
const { pack } = from('tar-stream');
const { parquetWriteBuffer } = await import(pathToFileURL(from.resolve('hyparquet-writer')).href);

/** Good files by kind, and the images that sets refer to. */
export async function seedsOf() {
  const noise = (width, height) =>
    sharp({
      create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 120, sigma: 50 }, background: '#888' },
    });
  const jpg = [await noise(40, 30).jpeg().toBuffer(), await noise(64, 64).jpeg({ progressive: true }).toBuffer()];
  const png = [await noise(30, 20).png().toBuffer(), await noise(33, 31).png({ palette: true }).toBuffer()];
  const images = { 'a.jpg': jpg[0], 'b.png': png[0] };
  const coco = {
    info: { year: 2017 },
    images: [
      { id: 1, file_name: 'a.jpg' },
      { id: 2, file_name: 'b.png' },
    ],
    annotations: [1, 2, 1].map((id, i) => ({ id: i, image_id: id, caption: `bir şəkil ${String(i)}` })),
  };
  const csv = 'image,caption\na.jpg,"bir, iki"\nb.png,"üç ""dörd"""\na.jpg,beş\n';
  return {
    images,
    jpg,
    png,
    json: [Buffer.from(JSON.stringify(coco)), Buffer.from(JSON.stringify(coco, null, 2))],
    csv: [Buffer.from(csv), Buffer.from(csv.replaceAll('\n', '\r\n'))],
    tar: [await tarOf({ '1.jpg': jpg[0], '1.txt': 'bir it\n', '2.png': png[0], '2.json': '{"captions":["ev"]}' })],
    parquet: ['UNCOMPRESSED', 'SNAPPY'].map((codec) =>
      Buffer.from(
        parquetWriteBuffer({
          columnData: [
            { name: 'image', data: ['a.jpg', 'b.png', 'a.jpg'], type: 'STRING' },
            { name: 'caption', data: ['bir', 'iki', 'üç'], type: 'STRING' },
          ],
          codec,
        }),
      ),
    ),
  };
}

async function tarOf(files) {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  const chunks = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const cut = (bytes, random) => bytes.subarray(0, random.integer(bytes.length));

const flip = (bytes, random) => {
  for (let i = 1 + random.integer(20); i > 0; i--) bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
  return bytes;
};

const splice = (bytes, random) => {
  const [at, to] = [random.integer(bytes.length), random.integer(bytes.length)];
  const piece = bytes.subarray(at, at + random.integer(200));
  return Buffer.concat([bytes.subarray(0, to), piece, bytes.subarray(to + random.integer(100))]);
};

const garbage = (bytes, random) => {
  const at = random.integer(bytes.length);
  for (let i = at; i < Math.min(bytes.length, at + 64); i++) bytes[i] = random.integer(256);
  return bytes;
};

const head = (bytes, random) => {
  bytes[random.integer(Math.min(64, bytes.length))] = random.integer(256);
  return bytes;
};

/** Common to all kinds. */
const ANY = [
  cut,
  flip,
  splice,
  garbage,
  head,
  () => Buffer.alloc(0),
  (bytes, random) => Buffer.alloc(random.integer(4096), random.integer(256)),
];

/** An image header that claims up to 65,535 × 65,535 pixels. */
const jpegSize = (bytes, random) => {
  const at = bytes.findIndex((byte, i) => byte === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2));
  bytes.writeUInt16BE(random.integer(65536), at + 5);
  bytes.writeUInt16BE(random.integer(65536), at + 7);
  return bytes;
};

const pngSize = (bytes, random) => {
  bytes.writeUInt32BE(random.integer(2 ** (1 + random.integer(31))), 16);
  bytes.writeUInt32BE(random.integer(2 ** (1 + random.integer(31))), 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
};

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** 400 million pixels in some 50 kB. */
const bombData = deflateSync(Buffer.alloc((20_000 / 8 + 1) * 20_000), { level: 9 });
const pngBomb = () => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(20_000, 0);
  header.writeUInt32BE(20_000, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', bombData),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

/** A tar header's name or size, with the sum of the header mended so that it is believed. */
const tarField = (bytes, offset, length, text) => {
  bytes.fill(0, offset, offset + length).write(text, offset);
  bytes.write('        ', 148);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
};
const EVIL = [
  '../evil.jpg',
  '../../../../tmp/evil.jpg',
  '/tmp/evil.jpg',
  '..\\evil.jpg',
  'a/../../evil.jpg',
  '.././evil.txt',
];
const tarName = (bytes, random) => tarField(bytes, 0, 100, EVIL[random.integer(EVIL.length)]);
const tarSize = (bytes, random) =>
  tarField(
    bytes,
    124,
    12,
    random
      .integer(8 ** 8)
      .toString(8)
      .repeat(2)
      .slice(0, 11),
  );
const tarType = (bytes, random) => tarField(bytes, 156, 1, '0123456789gxLKS'[random.integer(15)]);

const deep = (open) => (_, random) => Buffer.from(open.repeat(1 + random.integer(20_000)));
const jsonNumber = (bytes, random) =>
  Buffer.from(bytes.toString().replace(/\d+/u, '9'.repeat(1 + random.integer(500))));
const jsonSwap = (bytes, random) => {
  const values = ['null', '"x"', '[]', '{}', '-1', '1e999', 'true', '"../../evil.jpg"', '""'];
  return Buffer.from(
    bytes
      .toString()
      .replace(/(?<=:\s?)(?:\d+|"[^"]*")/gu, (old) =>
        random.integer(4) === 0 ? values[random.integer(values.length)] : old,
      ),
  );
};
const csvHuge = (bytes, random) => Buffer.concat([bytes, Buffer.from(`a.jpg,"${'x'.repeat(random.integer(3e6))}`)]);
const csvName = (bytes, random) => Buffer.from(bytes.toString().replace('a.jpg', EVIL[random.integer(EVIL.length)]));
const csvQuote = (bytes, random) => {
  const at = random.integer(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from('"'), bytes.subarray(at)]);
};

/** The length of the footer, which stands before the last four bytes. */
const parquetFooter = (bytes, random) => {
  bytes.writeUInt32LE(random.integer(2 ** (1 + random.integer(31))), bytes.length - 8);
  return bytes;
};
/** Damage of the footer alone, which tells what is where. */
const parquetMetadata = (bytes, random) => {
  const length = bytes.readUInt32LE(bytes.length - 8);
  for (let i = 1 + random.integer(4); i > 0; i--)
    bytes[bytes.length - 9 - random.integer(length)] = random.integer(256);
  return bytes;
};

/** Ways to spoil a file, by kind: (bytes, random) → bytes. */
export const MUTATIONS = {
  jpg: [...ANY, jpegSize, jpegSize],
  png: [...ANY, pngSize, pngSize, pngBomb],
  json: [...ANY, deep('['), deep('{"a":'), deep('{"images":[['), jsonNumber, jsonSwap, jsonSwap],
  csv: [...ANY, csvHuge, csvName, csvQuote],
  tar: [...ANY, tarName, tarName, tarSize, tarType],
  parquet: [...ANY, parquetFooter, parquetMetadata, parquetMetadata],
};
