import { examplesOf } from './examples-of.ts';

const items = (...captions: (string | undefined)[]): Parameters<typeof examplesOf>[0] =>
  captions.map((caption, i) => ({
    ...{ id: `i${String(i)}`, vector: new Float32Array(2) },
    metadata: caption === undefined ? {} : { caption },
  }));

describe('examplesOf', () => {
  it('takes the first lines of captions from all over the index', () => {
    expect(examplesOf(items('a', 'b\nsecond line', 'c', 'd', 'e', 'f'))).toEqual(['b', 'd', 'f']);
  });

  it('gives each caption once, and no long ones', () => {
    expect(examplesOf(items('a', 'a', 'x'.repeat(61), 'b'))).toEqual(['a', 'b']);
  });

  it('gives none where no image has a caption', () => {
    expect(examplesOf(items(undefined, ''))).toEqual([]);
  });
});
