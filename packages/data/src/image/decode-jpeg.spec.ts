import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@azclip/base';
import sharp from 'sharp';

import { decodeJpeg } from './decode-jpeg.ts';
import { decodeWithLibvips } from './decode-with-libvips.ts';
import { readJpegFrame } from './jpeg-frame.ts';
import { fullProgressive, halfWidthWithRestarts } from './jpeg-files.spec.helper.ts';
import { pixelKernel } from './pixel-kernel.ts';
import type { Rectangle } from './raw-image.ts';

const shared = join(__dirname, '../../../../../shared/data');
const folders = [join(shared, 'webdataset/images'), join(shared, 'flickr8k/images')];

function decode(bytes: Uint8Array, part?: Rectangle): Buffer | undefined {
  const frame = readJpegFrame(bytes);
  if (!frame) return undefined;
  const region = part ?? { left: 0, top: 0, width: frame.width, height: frame.height };
  const kernel = pixelKernel();
  const at = decodeJpeg(kernel, bytes, frame, region);
  return at === undefined ? undefined : Buffer.from(kernel.bytes(at, region.width * region.height * 3));
}

const libvips = async (bytes: Uint8Array): Promise<Buffer> => {
  return Buffer.from((await decodeWithLibvips(bytes, 'x')).pixels);
};

const noisy = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 120, sigma: 60 }, background: '#888' },
  });

it.each([
  { chromaSubsampling: '4:2:0' },
  { chromaSubsampling: '4:4:4' },
  { chromaSubsampling: '4:2:0', progressive: true },
  { chromaSubsampling: '4:4:4', progressive: true, quality: 98 },
  { chromaSubsampling: '4:2:0', quality: 10, optimiseScans: true, progressive: true, trellisQuantisation: true },
])('makes the bytes that libjpeg makes: %j', async (options) => {
  for (const [width, height] of [
    [5, 40],
    [17, 16],
    [64, 33],
    [1, 1],
  ] as const) {
    const bytes = await noisy(width, height).jpeg(options).toBuffer();
    if (width > 4 || options.chromaSubsampling === '4:4:4') expect(decode(bytes)).toEqual(await libvips(bytes));
    else expect(readJpegFrame(bytes)).toBeUndefined(); // so little chroma has rules of its own
  }
});

it('reads grey, restart markers and chroma of half the width', async () => {
  const grey = await noisy(30, 20).toColourspace('b-w').jpeg().toBuffer();
  for (const bytes of [grey, halfWidthWithRestarts, fullProgressive]) {
    expect(decode(bytes)).toEqual(await libvips(bytes));
  }
});

it('decodes any region to what stands there in the whole', async () => {
  const bytes = await noisy(61, 45).jpeg({ chromaSubsampling: '4:2:0' }).toBuffer();
  const random = createRandom(1);
  for (const [file, width, height] of [
    [bytes, 61, 45],
    [halfWidthWithRestarts, 27, 21],
  ] as const) {
    const whole = await libvips(file);
    for (let i = 0; i < 40; i++) {
      const [left, top] = [random.integer(width), random.integer(height)];
      const region = { left, top, width: 1 + random.integer(width - left), height: 1 + random.integer(height - top) };
      const rows = Array.from({ length: region.height }, (_, y) => {
        const from = ((top + y) * width + left) * 3;
        return whole.subarray(from, from + region.width * 3);
      });
      expect(decode(file, region)).toEqual(Buffer.concat(rows));
    }
  }
});

const absent = folders.filter((folder) => !existsSync(folder));
const photographTest = absent.length === 0 ? it : it.skip;
photographTest(
  `decodes photographs to the byte${absent.length === 0 ? '' : ` (absent: ${absent.join(', ')})`}`,
  async () => {
    for (const folder of folders) {
      for (const name of readdirSync(folder).slice(0, 40)) {
        const bytes = readFileSync(join(folder, name));
        expect(decode(bytes)?.equals(await libvips(bytes))).toBe(true);
      }
    }
  },
);

it('never decodes what libvips would refuse, nor otherwise than libvips', async () => {
  const random = createRandom(7);
  const files = [
    await noisy(40, 33).jpeg().toBuffer(),
    await noisy(40, 33).jpeg({ progressive: true }).toBuffer(),
    halfWidthWithRestarts,
  ];
  let [decoded, refused] = [0, 0];
  for (let i = 0; i < 600; i++) {
    const file = Buffer.from(files[i % files.length] ?? []);
    const head = 170; // quantisation tables stand before: what overflows by them has no right pixels
    const at = head + random.integer(file.length - head);
    const kind = random.integer(3);
    if (kind === 0) file.writeUInt8((file[at] ?? 0) ^ (1 << random.integer(8)), at);
    const spoilt = kind === 1 ? file.subarray(0, at) : file;
    if (kind === 2) for (let k = at; k < Math.min(file.length, at + 6); k++) file[k] = random.integer(256);
    const pixels = decode(spoilt);
    if (pixels) expect(pixels.equals(await libvips(spoilt))).toBe(true);
    if (pixels) decoded += 1;
    else refused += 1;
  }
  expect(decoded).toBeGreaterThan(20); // damage that leaves a valid code is nobody's to find
  expect(refused).toBeGreaterThan(300);
});
