import { canonicalImageId, LeakError, LeakGuard, refuseLeaks } from './leak-guard.ts';

const hash = (low: number, colour = 0) => ({ frequencies: [low, 7], gradients: [1, 2], colour }) as const;

it('knows one image under the names of several sets', () => {
  const groups = [
    [
      'COCO_train2014_000000061844.jpg',
      '000000061844.jpg',
      'train2017/000000061844',
      'xtd/COCO_train2014_000000061844.jpg',
    ],
    ['1009434119_febe49276a.jpg', '1009434119.jpg', 'flickr8k/1009434119_febe49276a.jpg'],
    ['scenes/test-00001', 'test-00001', 'test-00001#2'],
  ];
  const names = groups.map((group) => new Set(group.map(canonicalImageId)));
  expect(names.map((set) => set.size)).toEqual([1, 1, 1]);
  expect(new Set(names.flatMap((set) => [...set])).size).toBe(3);
});

it("refuses XTD's images for a model of COCO, by id of 2017 or 2014, or by set", () => {
  const xtd = [{ id: 'COCO_train2014_000000061844.jpg' }, { id: 'COCO_train2014_000000061849.jpg' }];
  expect(() => {
    refuseLeaks(xtd, { images: [{ id: '000000061849.jpg' }] });
  }).toThrow('expected images to score that were not trained on, got COCO_train2014_000000061849.jpg (same id)');
  expect(() => {
    refuseLeaks(xtd, { images: [], sets: ['coco-train2014'] });
  }).toThrow('an image of coco-train2014');
  expect(() => {
    refuseLeaks(xtd, { images: [{ id: '000000000009.jpg' }], sets: ['flickr30k'] });
  }).not.toThrow();
});

it('refuses images that look like one that was trained on', () => {
  const trained = { images: [{ id: 'a', hash: hash(0b1011) }] };
  expect(() => {
    refuseLeaks([{ id: 'b', hash: hash(0b1000) }], trained);
  }).toThrow('b (looks like a)');
  expect(() => {
    refuseLeaks([{ id: 'b', hash: hash(0b1000, 0xff0000) }], trained);
  }).not.toThrow();
  expect(() => {
    refuseLeaks([{ id: 'b', hash: hash(0xffffffff) }], trained);
  }).not.toThrow();
});

it('names ten and counts the rest', () => {
  const images = Array.from({ length: 13 }, (_, i) => ({ id: `i${String(i)}` }));
  let error: unknown;
  try {
    refuseLeaks(images, { images });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(LeakError);
  expect((error as LeakError).images).toHaveLength(13);
  expect((error as LeakError).message).toMatch(/i9 \(same id\) and 3 more$/);
});

it('takes a common name for the same image only where the look does not speak against it', () => {
  const guard = new LeakGuard({
    images: [
      { id: '1.jpg', hash: hash(0b1011) },
      { id: '000000000009.jpg', hash: hash(1) },
    ],
  });
  expect(guard.leakOf({ id: 'other/1.jpg', hash: hash(0xffff) })).toBeUndefined();
  expect(guard.leakOf({ id: 'other/1.jpg' })).toMatchObject({ reason: 'same id' });
  expect(guard.leakOf({ id: 'COCO_train2014_000000000009.jpg', hash: hash(0xffff) })).toMatchObject({
    reason: 'same id',
  });
});
