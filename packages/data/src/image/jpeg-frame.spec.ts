import sharp from 'sharp';

import { readJpegFrame } from './jpeg-frame.ts';

const plain = (width = 20, height = 12) => sharp({ create: { width, height, channels: 3, background: '#a04020' } });

it('says what a plain file is', async () => {
  expect(readJpegFrame(await plain().jpeg({ progressive: true }).toBuffer())).toEqual({
    width: 20,
    height: 12,
    progressive: true,
    components: [
      { id: 1, across: 2, down: 2, quantisation: 0 },
      { id: 2, across: 1, down: 1, quantisation: 1 },
      { id: 3, across: 1, down: 1, quantisation: 1 },
    ],
  });
});

it('leaves to libvips what needs more than decoding', async () => {
  const jpeg = await plain().jpeg().toBuffer();
  const adobeRgb = Buffer.concat([jpeg.subarray(0, 2), segment(0xee, 'Adobe\0\x64\0\0\0\0\0'), jpeg.subarray(20)]);
  const cases = {
    turned: await plain().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    profile: await plain().withIccProfile('p3').jpeg().toBuffer(),
    cmyk: await plain().toColourspace('cmyk').jpeg().toBuffer(),
    png: await plain().png().toBuffer(),
    adobeRgb,
    brokenExif: Buffer.concat([jpeg.subarray(0, 20), segment(0xe1, 'Exif\0\0MM\0*\0\0\xff\xff'), jpeg.subarray(20)]),
    huge: resized(jpeg, 65_000, 65_000),
    empty: Buffer.alloc(0),
    cut: jpeg.subarray(0, 100),
  };
  for (const [name, bytes] of Object.entries(cases)) expect([name, readJpegFrame(bytes)]).toEqual([name, undefined]);
});

it('takes a file that says it stands upright', async () => {
  const upright = await plain()
    .withExif({ IFD0: { Artist: 'x', Orientation: '1' } })
    .jpeg()
    .toBuffer();
  expect(readJpegFrame(upright)).toMatchObject({ width: 20, height: 12 });
});

function segment(marker: number, body: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, 0, body.length + 2]), Buffer.from(body, 'latin1')]);
}

function resized(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  const at = copy.findIndex((byte, i) => byte === 0xff && copy[i + 1] === 0xc0);
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}
