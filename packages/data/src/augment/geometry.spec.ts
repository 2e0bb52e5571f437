import { createRandom } from '@azclip/base';

import { drawCrop, mirror, rotation, transform } from './geometry.ts';

/** Value i is (37 i + 11 ⌊i / 3⌋) mod 256, 5 × 4 pixels; results are those of torchvision 0.28 with Pillow. */
const image = {
  pixels: Uint8Array.from({ length: 60 }, (_, i) => (i * 37 + Math.floor(i / 3) * 11) % 256),
  width: 5,
  height: 4,
};

it.each([
  // prettier-ignore
  ['mirror', mirror(image), [232,13,50,110,147,184,244,25,62,122,159,196,0,37,74,74,111,148,208,245,26,86,123,160,220,1,38,98,135,172,172,209,246,50,87,124,184,221,2,62,99,136,196,233,14,14,51,88,148,185,222,26,63,100,160,197,234,38,75,112]],
  // prettier-ignore
  ['turn by 30°', transform(image, rotation(image, 30)), [0,0,0,244,25,62,110,147,184,74,111,148,74,111,148,122,159,196,220,1,38,86,123,160,50,87,124,172,209,246,98,135,172,220,1,38,184,221,2,50,87,124,148,185,222,196,233,14,196,233,14,160,197,234,26,63,100,0,0,0]],
  // prettier-ignore
  ['turn by −20°', transform(image, rotation(image, -20)), [98,135,172,122,159,196,122,159,196,244,25,62,0,0,0,196,233,14,220,1,38,86,123,160,208,245,26,232,13,50,38,75,112,62,99,136,184,221,2,50,87,124,74,111,148,0,0,0,26,63,100,148,185,222,148,185,222,172,209,246]],
  // prettier-ignore
  ['shear by 0.3', transform(image, [1, 0.3, 0, 0, 1, 0]), [0,37,74,122,159,196,244,25,62,110,147,184,232,13,50,98,135,172,220,1,38,86,123,160,208,245,26,74,111,148,62,99,136,184,221,2,50,87,124,172,209,246,0,0,0,160,197,234,26,63,100,148,185,222,14,51,88,0,0,0]],
  // prettier-ignore
  ['move by 2', transform(image, [1, 0, -2, 0, 1, 0]), [0,0,0,0,0,0,0,37,74,122,159,196,244,25,62,0,0,0,0,0,0,98,135,172,220,1,38,86,123,160,0,0,0,0,0,0,196,233,14,62,99,136,184,221,2,0,0,0,0,0,0,38,75,112,160,197,234,26,63,100]],
])('puts pixels where torchvision does: %s', (_, { pixels }, expected) => {
  expect([...pixels]).toEqual(expected);
});

it('draws parts within the image, of the area and proportions that are asked for', () => {
  const random = createRandom(1);
  const size = { width: 300, height: 200 };
  const areas: number[] = [];
  for (let i = 0; i < 500; i++) {
    const { left, top, width, height } = drawCrop(size, [0.2, 0.6], [3 / 4, 4 / 3], random);
    expect(Math.min(left, top, size.width - left - width, size.height - top - height)).toBeGreaterThanOrEqual(0);
    expect(width / height).toBeGreaterThan(0.73);
    expect(width / height).toBeLessThan(1.36);
    areas.push((width * height) / (size.width * size.height));
  }
  expect(areas.reduce((a, b) => a + b) / 500).toBeCloseTo(0.4, 1);
  expect(Math.min(...areas)).toBeGreaterThan(0.19);
  expect(Math.max(...areas)).toBeLessThan(0.61);
});

it('takes the largest centred part where none of the wanted kind fits', () => {
  expect(drawCrop({ width: 100, height: 10 }, [0.9, 1], [3 / 4, 4 / 3], createRandom(1))).toEqual({
    left: 43, // 10 · 4/3 = 13 wide, (100 − 13) / 2
    top: 0,
    width: 13,
    height: 10,
  });
});
