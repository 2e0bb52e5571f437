import { collect } from './collect.ts';

it('gathers the items in order', async () => {
  const stream = (async function* () {
    yield await Promise.resolve(1);
    yield 2;
  })();
  expect(await collect(stream)).toEqual([1, 2]);
});
