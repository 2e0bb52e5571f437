import { crc32c } from './crc32c.ts';

it.each([
  [new TextEncoder().encode('123456789'), 0xe3069283], // the check value of the CRC catalogue
  [new Uint8Array(32), 0x8a9136aa], // RFC 3720, B.4: 32 bytes of zeros
  [new Uint8Array(32).fill(0xff), 0x62a8ab43], // of ones
  [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e], // ascending
])('equals the published values', (bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});
