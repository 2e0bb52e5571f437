import { inBatches } from './in-batches.ts';

describe('inBatches', () => {
  const runs: (readonly string[])[] = [];
  const lengths = (texts: readonly string[]): Promise<Float32Array> => {
    runs.push(texts);
    return Promise.resolve(Float32Array.from(texts.flatMap((text) => [text.length, -text.length])));
  };
  beforeEach(() => (runs.length = 0));

  it('embeds what is asked for together in one run, and gives each its own row', async () => {
    const embed = inBatches(lengths, 8);
    const rows = await Promise.all(['a', 'bb', 'ccc'].map(embed));
    expect(rows.map((row) => [...row])).toEqual([
      [1, -1],
      [2, -2],
      [3, -3],
    ]);
    expect(runs).toEqual([['a', 'bb', 'ccc']]);
  });

  it('makes runs no larger than allowed, and takes up what comes while one is under way', async () => {
    const embed = inBatches(lengths, 2);
    const first = Promise.all(['a', 'b', 'c'].map(embed));
    await embed('later');
    await first;
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'later'],
    ]);
    expect([...(await embed('again'))]).toEqual([5, -5]);
  });

  it('tells everybody of a run that failed, and goes on with the next', async () => {
    let fails = true;
    const embed = inBatches((texts) => (fails ? Promise.reject(new Error('no memory')) : lengths(texts)), 8);
    const both = await Promise.allSettled([embed('a'), embed('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect([...(await embed('c'))]).toEqual([1, -1]);
  });
});
